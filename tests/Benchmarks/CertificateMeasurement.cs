using System.Diagnostics;
using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using BenchmarkDotNet.Loggers;
using IngressController.Testing;
using IngressController.Testing.Scale;
using IngressController.Testing.Tls;

namespace IngressController.Benchmarks;

/// <summary>What 10,000 hosts, each with a certificate of its own, cost the published program, beside 10: time to ready, memory, and CPU for each handshake.</summary>
internal static class CertificateMeasurement
{
    private const int Handshakes = 3000;

    /// <param name="file">The published program's dll; null to publish it.</param>
    public static async Task RunAsync(string? file)
    {
        using var published = file is null ? await PublishedProgram.MakeAsync() : null;
        foreach (var hosts in new[] { 10, 10_000 })
        {
            await MeasureAsync(file ?? published!.File, hosts);
        }
    }

    private static async Task MeasureAsync(string program, int hosts)
    {
        using var directory = new TemporaryDirectory();
        WriteManifests(directory, hosts);
        var started = TimeProvider.System.GetTimestamp();
        await using var controller = await ControllerProcess.OfAsync(RunningProgram.Start(
            "dotnet", [program, "--manifests", directory.Path, "--bind-address", "127.0.0.1", "--http-port", "0", "--https-port", "0", "--admin-port", "0"]));
        Say(hosts, "from start to ready", TimeProvider.System.GetElapsedTime(started).TotalSeconds, "s");
        Say(hosts, "resident when ready", Resident(controller), "MB");
        await ShakeHandsAsync(controller, hosts, Handshakes / 3); // the runtime compiles the code of handshakes
        var cold = await CpuAsync(controller, hosts);
        var warm = await CpuAsync(controller, hosts);
        Say(hosts, $"CPU for a handshake, {Handshakes} over all hosts", cold, "ms");
        Say(hosts, "CPU for a handshake with the same hosts again", warm, "ms");
        Say(hosts, "resident after these", Resident(controller), "MB");
        await ShakeHandsAsync(controller, hosts, hosts);
        Say(hosts, "resident after a handshake with every host", Resident(controller), "MB");
    }

    /// <summary>One key for all: loaded from every Secret anew, it costs what another would.</summary>
    private static void WriteManifests(TemporaryDirectory directory, int hosts)
    {
        using var authority = TestAuthority.Create();
        var issuer = authority.Intermediate();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var pem = TestCertificate.Base64(key.ExportPkcs8PrivateKeyPem());
        var generator = X509SignatureGenerator.CreateForECDsa(issuer.Certificate.GetECDsaPrivateKey()!);
        var now = TimeProvider.System.GetUtcNow();
        directory.Write("class.yaml", "apiVersion: networking.k8s.io/v1\nkind: IngressClass\nmetadata: { name: yarp }\nspec: { controller: yarp.ingress.kubernetes.io/controller }\n");
        foreach (var part in Enumerable.Range(0, hosts).Chunk(500))
        {
            var text = new StringBuilder();
            foreach (var number in part)
            {
                var request = new CertificateRequest($"CN=h{number}.test", key, HashAlgorithmName.SHA256);
                var names = new SubjectAlternativeNameBuilder();
                names.AddDnsName($"h{number}.test");
                request.CertificateExtensions.Add(names.Build());
                using var issued = request.Create(issuer.Certificate.SubjectName, generator, now.AddDays(-1), now.AddDays(90), BitConverter.GetBytes(number + 1));
                var chain = TestCertificate.Base64(issued.ExportCertificatePem() + "\n" + issuer.Chain);
                text.Append(CultureInfo.InvariantCulture, $"apiVersion: v1\nkind: Secret\nmetadata: {{ name: h{number} }}\ntype: kubernetes.io/tls\ndata: {{ tls.crt: {chain}, tls.key: {pem} }}\n---\n");
                text.Append(CultureInfo.InvariantCulture, $"apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {{ name: h{number} }}\nspec: {{ ingressClassName: yarp, tls: [{{ hosts: [h{number}.test], secretName: h{number} }}], ");
                text.Append(CultureInfo.InvariantCulture, $"rules: [{{ host: h{number}.test, http: {{ paths: [{{ path: /, pathType: Prefix, backend: {{ service: {{ name: web, port: {{ number: 80 }} }} }} }}] }} }}] }}\n---\n");
            }

            directory.Write($"hosts-{part[0]}.yaml", text.ToString());
        }
    }

    /// <returns>Milliseconds of the program's CPU for each handshake.</returns>
    private static async Task<double> CpuAsync(ControllerProcess controller, int hosts)
    {
        using var process = Process.GetProcessById(controller.Program.Id);
        var before = process.TotalProcessorTime;
        await ShakeHandsAsync(controller, hosts, Handshakes);
        process.Refresh();
        return (process.TotalProcessorTime - before).TotalMilliseconds / Handshakes;
    }

    /// <summary>Whole handshakes, none resumed, spread over the hosts.</summary>
    private static async Task ShakeHandsAsync(ControllerProcess controller, int hosts, int count)
    {
        for (var number = 0; number < count; number++)
        {
            using var socket = new TcpClient();
            await socket.ConnectAsync(controller.Https.Host, controller.Https.Port);
            await using var stream = new SslStream(socket.GetStream());
            var name = $"h{(int)((long)number * hosts / count)}.test";
            await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = name,
                AllowTlsResume = false,
                RemoteCertificateValidationCallback = (_, shown, _, _) => shown!.Subject == $"CN={name}",
            });
        }
    }

    private static double Resident(ControllerProcess controller) => ResidentMemory.Of(controller.Program.Id).Now;

    private static void Say(int hosts, string what, double value, string unit) =>
        ConsoleLogger.Default.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {hosts} hosts | {what} | {value:0.00} {unit} |"));
}
