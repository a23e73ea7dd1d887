using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace IngressController.Proxy.Limits;

/// <summary>
/// HTTP/2 connections that come to have as many requests under way as they may. Kestrel tells of them nowhere but in its log, at Debug, so this listens there and writes nothing.
/// </summary>
internal sealed class StreamLimitHits(LimitMetrics metrics) : ILoggerProvider
{
    /// <summary>Of what Kestrel says about HTTP/2.</summary>
    public const string Category = "Microsoft.AspNetCore.Server.Kestrel.Http2";

    private const string Reached = "Http2MaxConcurrentStreamsReached";

    public ILogger CreateLogger(string categoryName) => categoryName == Category ? new Listener(metrics) : NullLogger.Instance;

    public void Dispose()
    {
    }

    private sealed class Listener(LimitMetrics metrics) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel == LogLevel.Debug;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (eventId.Name == Reached)
            {
                metrics.Hit(Limit.Streams);
            }
        }
    }
}
