using IngressController.Testing;

namespace IngressController.EndToEnd.Tls;

/// <summary>The tool of that name, as a client that is not ours.</summary>
internal static class OpenSsl
{
    /// <summary>Shakes hands with the program and leaves.</summary>
    /// <returns>All that the client says of it.</returns>
    public static async Task<string> ShakeHandsAsync(this TlsWorld world, params string[] options)
    {
        var (_, output, errors) = await RunningProgram.RunAsync("openssl", ["s_client", "-connect", $"{world.Controller.Https.Host}:{world.Controller.Https.Port}", .. options]);
        return output + errors;
    }
}
