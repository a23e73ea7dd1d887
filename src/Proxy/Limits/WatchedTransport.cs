using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace IngressController.Proxy.Limits;

/// <summary>
/// Cuts connections whose clients take nothing of what waits for them. Kestrel's own limit is an average over all that was ever sent, so that a client that has
/// taken much may then stand still for hours. Below TLS, so that it holds for whatever is spoken; connections with nothing to send are left alone.
/// </summary>
internal sealed class WatchedTransport(IOptions<ProxyOptions> options, LimitMetrics metrics, TimeProvider time)
{
    private readonly LimitOptions limits = options.Value.Limits;

    public ConnectionDelegate Watch(ConnectionDelegate next) => async connection =>
    {
        using var watch = new StallWatch(limits.WriteTimeout, time, () => CutOff(connection));
        var transport = connection.Transport;
        connection.Transport = new Watched(transport.Input, new WatchedWriter(transport.Output, watch));
        try
        {
            await next(connection);
        }
        finally
        {
            connection.Transport = transport;
        }
    };

    private void CutOff(ConnectionContext connection)
    {
        metrics.Hit(Limit.WriteTimeout);
        connection.Abort(new ConnectionAbortedException("The client does not take what waits for it."));
    }

    private sealed record Watched(PipeReader Input, PipeWriter Output) : IDuplexPipe;

    private sealed class WatchedWriter(PipeWriter inner, StallWatch watch) : PipeWriter
    {
        public override bool CanGetUnflushedBytes => inner.CanGetUnflushedBytes;

        public override long UnflushedBytes => inner.UnflushedBytes;

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => Watched(inner.FlushAsync(cancellationToken));

        public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default) =>
            Watched(inner.WriteAsync(source, cancellationToken));

        public override void Advance(int bytes) => inner.Advance(bytes);

        public override Memory<byte> GetMemory(int sizeHint = 0) => inner.GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => inner.GetSpan(sizeHint);

        public override void CancelPendingFlush() => inner.CancelPendingFlush();

        public override void Complete(Exception? exception = null) => inner.Complete(exception);

        public override ValueTask CompleteAsync(Exception? exception = null) => inner.CompleteAsync(exception);

        /// <summary>Nearly every flush is complete when it is asked for: there is room.</summary>
        private ValueTask<FlushResult> Watched(ValueTask<FlushResult> flush) => flush.IsCompleted ? flush : watch.WatchAsync(flush);
    }
}
