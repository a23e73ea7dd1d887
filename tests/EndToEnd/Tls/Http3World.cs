using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using IngressController.Proxy.Listening;
using IngressController.Testing;
using IngressController.Testing.Tls;

namespace IngressController.EndToEnd.Tls;

/// <summary>The real program with <c>--http3</c>, to be spoken to in every version of HTTP that there is here.</summary>
internal static class Http3World
{
    /// <summary>The last one only where this machine has QUIC (libmsquic, for the tests as for the program).</summary>
    public static IReadOnlyList<Version> Versions { get; } =
        Http3Support.IsThere ? [HttpVersion.Version11, HttpVersion.Version20, HttpVersion.Version30] : [HttpVersion.Version11, HttpVersion.Version20];

    /// <summary>On one port for TCP and UDP, which is the public one too. Says so, and starts all the same, where there is no QUIC.</summary>
    public static async Task<TlsWorld> StartAsync(Action<TlsWorld> prepare, params string[] flags)
    {
        var port = FreePort().ToString(CultureInfo.InvariantCulture);
        var world = await TlsWorld.StartAsync(prepare, ["--http3", "--https-port", port, "--public-https-port", port, .. flags]);
        Assert.Equal(!Http3Support.IsThere, world.Controller.Program.Errors.Contains("this machine has no QUIC", StringComparison.Ordinal));
        return world;
    }

    /// <summary>A client of one host, which is its name in SNI, in one version and no other.</summary>
    /// <param name="certificate">Null: it has none.</param>
    /// <param name="shown">Told each certificate that the server shows; everybody is trusted.</param>
    public static HttpClient Client(this TlsWorld world, Version version, string host, TestCertificate? certificate = null, Action<X509Certificate2>? shown = null)
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            SslOptions = new()
            {
                ClientCertificateContext = certificate?.WithChain(),
                ClientCertificates = certificate is null ? [] : [certificate.Loaded],
                RemoteCertificateValidationCallback = (_, server, _, _) =>
                {
                    shown?.Invoke(new(server!));
                    return server is not null;
                },
            },
        };
        var client = new HttpClient(handler) { BaseAddress = world.Controller.Https, DefaultRequestVersion = version, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        client.DefaultRequestHeaders.Host = host;
        return client;
    }

    public static async Task<int> StatusAsync(this HttpClient client, string target = "/")
    {
        using var answer = await client.GetAsync(new Uri(target, UriKind.Relative)).InTime();
        Assert.Equal(client.DefaultRequestVersion, answer.Version);
        return (int)answer.StatusCode;
    }

    /// <summary>Where answers say that HTTP/3 is, without the rest, which the client does not keep; null where they say nothing.</summary>
    public static async Task<string?> OfferAsync(this HttpClient client)
    {
        using var answer = await client.GetAsync(new Uri("/", UriKind.Relative)).InTime();
        return answer.Headers.TryGetValues("Alt-Svc", out var offers) ? string.Join('|', offers) : null;
    }

    /// <summary>Free for TCP and UDP, and none of those that the system gives to whoever connects: it is not ours before the program has it.</summary>
    private static int FreePort()
    {
        while (true)
        {
            var port = RandomNumberGenerator.GetInt32(10_000, 32_000);
            using var tcp = new Socket(SocketType.Stream, ProtocolType.Tcp);
            using var udp = new Socket(SocketType.Dgram, ProtocolType.Udp);
            try
            {
                tcp.Bind(new IPEndPoint(IPAddress.Loopback, port));
                udp.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException)
            {
                // another one, then
            }
        }
    }

    /// <summary>The sum of a metric's series that these labels are of.</summary>
    public static async Task<double> MetricAsync(this TlsWorld world, string name, string labels)
    {
        var text = await world.Controller.Admin.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        return Regex.Matches(text, $@"^{name}\{{[^}}]*{Regex.Escape(labels)}[^}}]*\}} (\S+)", RegexOptions.Multiline).Sum(match => double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture));
    }
}
