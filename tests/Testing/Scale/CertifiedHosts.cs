using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using IngressController.Testing.Tls;

namespace IngressController.Testing.Scale;

/// <summary>Numbered hosts with an Ingress, a Secret and a certificate each.</summary>
public static class CertifiedHosts
{
    /// <summary>Their manifests, and a class.</summary>
    public static void Write(string directory, int hosts)
    {
        Directory.CreateDirectory(directory);
        using var certificates = new ManyCertificates(ECDsa.Create(ECCurve.NamedCurves.nistP256));
        var key = TestCertificate.Base64(certificates.KeyPem);
        File.WriteAllText(Path.Combine(directory, "class.yaml"), "apiVersion: networking.k8s.io/v1\nkind: IngressClass\nmetadata: { name: yarp }\nspec: { controller: yarp.ingress.kubernetes.io/controller }\n");
        foreach (var part in Enumerable.Range(0, hosts).Chunk(500))
        {
            var text = new StringBuilder();
            foreach (var number in part)
            {
                var host = ManyCertificates.Host(number);
                var chain = TestCertificate.Base64(certificates.Issue(number, out _));
                text.Append(CultureInfo.InvariantCulture, $"apiVersion: v1\nkind: Secret\nmetadata: {{ name: h{number} }}\ntype: kubernetes.io/tls\ndata: {{ tls.crt: {chain}, tls.key: {key} }}\n---\n");
                text.Append(CultureInfo.InvariantCulture, $"apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {{ name: h{number} }}\nspec: {{ ingressClassName: yarp, tls: [{{ hosts: [{host}], secretName: h{number} }}], ");
                text.Append(CultureInfo.InvariantCulture, $"rules: [{{ host: {host}, http: {{ paths: [{{ path: /, pathType: Prefix, backend: {{ service: {{ name: web, port: {{ number: 80 }} }} }} }}] }} }}] }}\n---\n");
            }

            File.WriteAllText(Path.Combine(directory, $"hosts-{part[0]}.yaml"), text.ToString());
        }
    }

    /// <summary>Whole handshakes, none resumed, spread over the first so many hosts.</summary>
    /// <exception cref="System.Security.Authentication.AuthenticationException">A host has shown another certificate than its own.</exception>
    public static async Task ShakeHandsAsync(ControllerProcess controller, int hosts, int count)
    {
        for (var number = 0; number < count; number++)
        {
            using var socket = new TcpClient();
            await socket.ConnectAsync(controller.Https.Host, controller.Https.Port);
            await using var stream = new SslStream(socket.GetStream());
            var name = ManyCertificates.Host((int)((long)number * hosts / count));
            await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = name,
                AllowTlsResume = false,
                RemoteCertificateValidationCallback = (_, shown, _, _) => shown!.Subject == $"CN={name}",
            });
        }
    }
}
