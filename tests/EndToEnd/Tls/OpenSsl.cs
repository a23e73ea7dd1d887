using IngressController.Testing;

namespace IngressController.EndToEnd.Tls;

/// <summary><c>openssl s_client</c>, a client of the program's https port that is not ours.</summary>
internal static class OpenSsl
{
    /// <summary>Shakes hands with the program and leaves.</summary>
    /// <returns>All that the client says of it.</returns>
    public static async Task<string> ShakeHandsAsync(this TlsWorld world, params string[] options)
    {
        var (_, output, errors) = await RunningProgram.RunAsync("openssl", ["s_client", "-connect", $"{world.Controller.Https.Host}:{world.Controller.Https.Port}", .. options]);
        return output + errors;
    }

    /// <param name="request">What it sends after the handshake; it then reads on until the server closes.</param>
    /// <returns>What it says of the connection, and the answer.</returns>
    public static async Task<string> ClientAsync(ControllerProcess controller, string serverName, string arguments, string request = "")
    {
        var command = $"printf '{request}' | timeout 60 openssl s_client -connect {controller.Https.Host}:{controller.Https.Port} -servername {serverName} {arguments} 2>&1";
        return (await RunningProgram.RunAsync("sh", ["-c", command])).Output;
    }
}
