using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using BenchmarkDotNet.Loggers;
using IngressController.Certificates;
using IngressController.Cluster;
using IngressController.Cluster.Resources;
using IngressController.Testing;
using IngressController.Testing.Scale;

namespace IngressController.Benchmarks;

/// <summary>What a Secret costs to read, and how long it takes from the event of a changed one to a handshake that shows it, among 10,000.</summary>
internal static class RotationMeasurement
{
    private const int Hosts = 10_000;
    private const int Changes = 1000;

    public static async Task RunAsync()
    {
        foreach (var key in new AsymmetricAlgorithm[] { RSA.Create(2048), ECDsa.Create(ECCurve.NamedCurves.nistP256) })
        {
            await RunAsync(key is RSA ? "RSA" : "ECDSA", key);
        }
    }

    private static async Task RunAsync(string kind, AsymmetricAlgorithm key)
    {
        using var certificates = new ManyCertificates(key);
        var routing = RoutingRoom.With(Enumerable.Range(0, Hosts).SelectMany(number => new IResource[] { Ingress(number), Secret(certificates, number, out _) }));
        var store = new CertificateStore(TimeProvider.System);
        using var process = Process.GetCurrentProcess();
        var before = process.TotalProcessorTime;
        store.Apply(routing.LastChange);
        process.Refresh();
        Say(kind, "CPU to read and judge a Secret", (process.TotalProcessorTime - before).TotalMilliseconds / Hosts);
        await RotateAsync(kind, certificates, routing, store);
    }

    private static async Task RotateAsync(string kind, ManyCertificates certificates, RoutingRoom routing, CertificateStore store)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var (applied, shown) = (new List<double>(), new List<double>());
        await using var held = await Connection.OpenAsync(listener, store, ManyCertificates.Host(0));
        for (var change = 0; change < Changes; change++)
        {
            var number = change * 7 % Hosts;
            var secret = Secret(certificates, number, out var serial);
            var began = TimeProvider.System.GetTimestamp();
            routing.Apply(secret);
            store.Apply(routing.LastChange);
            applied.Add(TimeProvider.System.GetElapsedTime(began).TotalMilliseconds);
            await using var connection = await Connection.OpenAsync(listener, store, ManyCertificates.Host(number));
            shown.Add(TimeProvider.System.GetElapsedTime(began).TotalMilliseconds);
            if (connection.Serial != serial)
            {
                throw new InvalidOperationException("the handshake shows another certificate");
            }
        }

        await held.ExchangeAsync();
        Say(kind, "from the event until handshakes follow it, median", Median(applied));
        Say(kind, "from the event until handshakes follow it, worst", applied.Max());
        Say(kind, "from the event to the end of a handshake that shows it, median", Median(shown));
        Say(kind, "from the event to the end of a handshake that shows it, worst", shown.Max());
    }

    private static Ingress Ingress(int number) =>
        Make.Ingress($"default/h{number}").WithRule(ManyCertificates.Host(number), "Prefix /") with { Tls = [new([ManyCertificates.Host(number)], $"h{number}")] };

    private static Secret Secret(ManyCertificates certificates, int number, out string serial) => new(
        new Metadata("default", $"h{number}"),
        "kubernetes.io/tls",
        new Dictionary<string, EquatableArray<byte>> { ["tls.crt"] = Bytes(certificates.Issue(number, out serial)), ["tls.key"] = Bytes(certificates.KeyPem) }.ToEquatableMap());

    private static EquatableArray<byte> Bytes(string text) => Encoding.ASCII.GetBytes(text).ToEquatableArray();

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static void Say(string kind, string what, double value) =>
        ConsoleLogger.Default.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {Hosts} {kind} | {what} | {value:0.00} ms |"));

    /// <summary>Both ends of a TLS connection.</summary>
    private sealed class Connection(SslStream server, SslStream client) : IAsyncDisposable
    {
        public string Serial => client.RemoteCertificate!.GetSerialNumberString();

        public static async Task<Connection> OpenAsync(TcpListener listener, CertificateStore store, string host)
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(listener.LocalEndpoint);
            var accepted = await listener.AcceptSocketAsync();
            accepted.NoDelay = true;
            var connection = new Connection(new(new NetworkStream(accepted, ownsSocket: true)), new(new NetworkStream(socket, ownsSocket: true)));
            await connection.ShakeHandsAsync(store, host);
            return connection;
        }

        public async Task ExchangeAsync()
        {
            await server.WriteAsync("still here"u8.ToArray());
            await client.ReadExactlyAsync(new byte["still here".Length]);
        }

        public async ValueTask DisposeAsync()
        {
            await client.DisposeAsync();
            await server.DisposeAsync();
        }

        private async Task ShakeHandsAsync(CertificateStore store, string host)
        {
            var serving = server.AuthenticateAsServerAsync(
                (_, hello, _, _) => ValueTask.FromResult(new SslServerAuthenticationOptions { ServerCertificateContext = store.Find(hello.ServerName, takesEcdsa: true) }), null, CancellationToken.None);
            await client.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = host, RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null });
            await serving;
        }
    }
}
