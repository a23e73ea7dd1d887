using System.Net;
using System.Text;
using IngressController.Proxy.AccessLog;
using IngressController.Proxy.Observing;

namespace IngressController.Unit.Proxy.AccessLog;

/// <summary>A usual request, and what is written of it.</summary>
internal static class Logged
{
    public static RequestRecord Usual { get; } = new()
    {
        Time = new(2026, 11, 3, 10, 0, 0, 123, TimeSpan.Zero),
        Client = IPAddress.Parse("2001:db8::1"),
        Protocol = "HTTP/1.1",
        IsHttps = true,
        Method = "GET",
        Host = "Shop.test:8443",
        Path = "/a?b=c&d=+",
        Target = "/a?b=c&d=+",
        UserAgent = "curl",
        Status = 200,
        RequestBytes = 7,
        HeadBytes = 100,
        Bytes = 512,
        Duration = TimeSpan.FromMilliseconds(3.25),
        Ingress = "shop/web",
        Service = "shop/web:80",
        Last = new("10.1.2.3:8080", 200, 512, TimeSpan.FromMilliseconds(2.5)),
        RequestId = "id",
    };

    public static RequestRecord Passed { get; } = Usual with
    {
        Protocol = "",
        IsHttps = false,
        Method = "",
        Path = "",
        Target = "",
        UserAgent = null,
        RequestId = "",
        Last = new("10.1.2.3:443", 0, 512, TimeSpan.FromMilliseconds(2.5)),
    };

    /// <summary>Of a TCP service.</summary>
    public static RequestRecord Session { get; } = Passed with
    {
        IsSession = true,
        Protocol = "TCP",
        Host = ":5432",
        Ingress = "",
        Service = "shop/db:sql",
        Last = new("10.1.2.3:5432", 0, 512, TimeSpan.FromMilliseconds(2.5)),
    };

    public static string As(AccessLogFormat format, in RequestRecord record, TimeZoneInfo? zone = null)
    {
        var line = new LineBuffer(zone ?? TimeZoneInfo.Utc, size: 1);
        format.Lines!.Write(record, line);
        return Encoding.UTF8.GetString(line.Written.Span);
    }

    /// <summary>Written by a template, which must be one.</summary>
    public static string As(string template, in RequestRecord record, TimeZoneInfo? zone = null)
    {
        Assert.Null(AccessLogFormat.Read(template, (_, _) => "", out var format));
        return As(format, record, zone);
    }
}
