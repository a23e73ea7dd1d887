using IngressController.Testing;

namespace IngressController.EndToEnd.Tls;

/// <summary><c>openssl s_client</c> as a client of the program's https port.</summary>
internal static class OpenSsl
{
    /// <param name="request">What it sends after the handshake; it then reads on until the server closes.</param>
    /// <returns>What it says of the connection, and the answer.</returns>
    public static async Task<string> ClientAsync(ControllerProcess controller, string serverName, string arguments, string request = "")
    {
        var command = $"printf '{request}' | timeout 60 openssl s_client -connect {controller.Https.Host}:{controller.Https.Port} -servername {serverName} {arguments} 2>&1";
        return (await RunningProgram.RunAsync("sh", ["-c", command])).Output;
    }
}
