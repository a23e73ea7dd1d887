using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using IngressController.EndToEnd.App;
using IngressController.Testing;
using IngressController.Testing.Tls;

namespace IngressController.EndToEnd.Tls;

/// <summary>The real program over a directory of manifests, an authority, and one backend.</summary>
internal sealed class TlsWorld : IAsyncDisposable
{
    private readonly TemporaryDirectory directory = new();

    private TlsWorld(EchoBackend backend) => Backend = backend;

    public EchoBackend Backend { get; }

    public TestAuthority Authority { get; } = TestAuthority.Create();

    public string Manifests => directory.Path;

    /// <summary>A place beside the manifests, for whom to trust.</summary>
    public string RootFile => directory.File("root.pem");

    public ControllerProcess Controller { get; private set; } = null!;

    /// <param name="prepare">Writes manifests before the start; class and Service <c>web</c> are there.</param>
    public static async Task<TlsWorld> StartAsync(Action<TlsWorld> prepare, params string[] flags)
    {
        var world = new TlsWorld(await EchoBackend.StartAsync());
        world.Write("class", World.Class);
        world.Write("web", World.Service("web", world.Backend.Port));
        prepare(world);
        world.Controller = await ControllerProcess.StartAsync(world.directory.Path, flags);
        return world;
    }

    /// <summary>Writes a manifest, or writes over it.</summary>
    public void Write(string file, string manifest) => directory.Write($"{file}.yaml", manifest);

    public void Delete(string file) => File.Delete(directory.File($"{file}.yaml"));

    /// <summary>An Ingress to <c>web</c>.</summary>
    /// <param name="tls">As in YAML's flow style: <c>{ hosts: [a.test], secretName: a }</c>.</param>
    /// <param name="annotations">As in YAML's flow style: <c>nginx.ingress.kubernetes.io/ssl-redirect: "false"</c>.</param>
    public static string Ingress(string name, string host, string tls = "", string annotations = "") =>
        $$"""
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: { name: {{name}}, annotations: { {{annotations}} } }
        spec:
          ingressClassName: yarp
          tls: [{{tls}}]
          rules:
            - host: "{{host}}"
              http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] }
        """;

    /// <summary>Shakes hands as a client that verifies nothing.</summary>
    /// <returns>The serial number of the server's certificate.</returns>
    public async Task<string> SerialAsync(string serverName)
    {
        await using var stream = await ShakeHandsAsync(serverName);
        return new X509Certificate2(stream.RemoteCertificate!).SerialNumber;
    }

    public async Task<SslStream> ShakeHandsAsync(string serverName, Action<SslClientAuthenticationOptions>? configure = null)
    {
        var socket = new TcpClient();
        await socket.ConnectAsync(Controller.Https.Host, Controller.Https.Port);
        var stream = new SslStream(socket.GetStream());
        var options = new SslClientAuthenticationOptions { TargetHost = serverName, RemoteCertificateValidationCallback = (_, shown, _, _) => shown is not null };
        configure?.Invoke(options);
        await stream.AuthenticateAsClientAsync(options);
        return stream;
    }

    /// <summary>Sends these bytes (one char a byte) in cleartext and returns all that comes until the connection closes; ask for that by <c>Connection: close</c>.</summary>
    public async Task<string> SendRawAsync(string request)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(Controller.Http.Host, Controller.Http.Port);
        await using var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request));
        using var reader = new StreamReader(stream, Encoding.Latin1);
        return await reader.ReadToEndAsync().InTime();
    }

    /// <summary>An HTTP/1.1 GET in cleartext, byte for byte.</summary>
    public Task<string> GetRawAsync(string host, string target, string headers = "") => SendRawAsync($"GET {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{headers}\r\n");

    /// <summary>A client that trusts the authority, takes every name for the program's address, and shows its certificate with the chain to whoever asks.</summary>
    /// <param name="certificate">Null: it has none.</param>
    public HttpClient Client(TestCertificate? certificate = null) => new(Handler(certificate));

    public SocketsHttpHandler Handler(TestCertificate? certificate = null) => new()
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        ConnectCallback = async (context, cancellationToken) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            var port = context.DnsEndPoint.Port == 443 ? Controller.Https.Port : Controller.Http.Port;
            await socket.ConnectAsync(Controller.Https.Host, port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        },
        SslOptions = new()
        {
            CertificateChainPolicy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { Authority.Certificate }, RevocationMode = X509RevocationMode.NoCheck },
            ClientCertificateContext = certificate?.WithChain(),
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        },
    };

    public async ValueTask DisposeAsync()
    {
        await Controller.DisposeAsync();
        await Backend.DisposeAsync();
        Authority.Dispose();
        directory.Dispose();
    }
}
