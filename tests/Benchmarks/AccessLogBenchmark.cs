using System.Net;
using BenchmarkDotNet.Attributes;
using IngressController.Proxy.AccessLog;
using IngressController.Proxy.Observing;

namespace IngressController.Benchmarks;

/// <summary>From what is known of a request to its line, and what a request pays for the question whether it has one.</summary>
[MemoryDiagnoser]
public class AccessLogBenchmark
{
    private readonly LineBuffer line = new(TimeZoneInfo.Utc, LineBuffer.BatchSize);
    private readonly AccessLogFilter filter = new() { Sample = 0.1, SkippedPaths = ["/healthz", "/metrics"] };
    private readonly RequestRecord record = new()
    {
        Time = new(2026, 11, 3, 10, 0, 0, 123, TimeSpan.Zero),
        Client = IPAddress.Parse("10.0.0.9"),
        Protocol = "HTTP/1.1",
        Method = "GET",
        Host = "shop.example.com",
        Path = "/api/orders/17?page=2&size=50",
        Target = "/api/orders/17?page=2&size=50",
        Referer = "https://shop.example.com/orders",
        UserAgent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36",
        Status = 200,
        Bytes = 5120,
        Duration = TimeSpan.FromMilliseconds(3.25),
        Ingress = "shop/web",
        Service = "shop/web:80",
        Last = new("10.1.2.3:8080", 200, 5120, TimeSpan.FromMilliseconds(2.5)),
        RequestId = "4f3a09c1d2e3f405162738495a6b7c8d",
    };

    private AccessLogFormat format = AccessLogFormat.Off;

    [Params("console", "json", "nginx")]
    public string Format { get; set; } = "";

    [GlobalSetup]
    public void Read() => _ = AccessLogFormat.Read(Format, static (_, _) => "", out format);

    [Benchmark]
    public int Write()
    {
        line.Clear();
        format.Lines!.Write(record, line);
        return line.Count;
    }

    [Benchmark]
    public bool Filter() => filter.Takes(record);
}
