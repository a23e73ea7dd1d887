using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using IngressController.Testing;
using IngressController.Testing.Tls;

namespace IngressController.Benchmarks.Comparison;

/// <summary>What all contenders are to serve: hosts, all of which lead to one backend; and where each finds its files.</summary>
internal sealed class Site(TemporaryDirectory directory, int hosts, int backend, TestCertificate certificate)
{
    public IReadOnlyList<string> Hosts { get; } = [.. Enumerable.Range(0, hosts).Select(index => $"h{index}.example.test")];

    /// <summary>The backend's port on 127.0.0.1.</summary>
    public int Backend { get; } = backend;

    public TestCertificate Certificate { get; } = certificate;

    /// <summary>A line for each host.</summary>
    public string EachHost(Func<string, string> line) => Hosts.Aggregate(new StringBuilder(), (text, host) => text.Append(line(host)).Append('\n')).ToString();

    /// <returns>The file's path.</returns>
    public string Write(string name, string text)
    {
        directory.Write(name, text);
        return directory.File(name);
    }

    public string Path(string name)
    {
        Directory.CreateDirectory(directory.File(name));
        return directory.File(name);
    }

    /// <summary>A port that nobody has, and that no connection takes meanwhile: below those that the system gives to them (ip_local_port_range).</summary>
    public static int FreePort()
    {
        while (true)
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            var port = Random.Shared.Next(10_000, 32_000);
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
            }
        }
    }

    public static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
