using System.IO.Pipelines;
using IngressController.Proxy.Limits;
using Microsoft.AspNetCore.Http.Features;

namespace IngressController.Proxy.Pipeline;

/// <summary>Counts the bytes of the response body on their way to Kestrel. Reused, because it is needed for every request.</summary>
internal sealed class CountedBody : Stream, IHttpResponseBodyFeature
{
    private IHttpResponseBodyFeature inner = null!;
    private Stream body = null!;

    public long Bytes { get; private set; }

    /// <summary>Over whoever takes too long to take a part; null: nobody watches.</summary>
    public StallWatch? Watch { get; set; }

    public void Attach(IFeatureCollection features)
    {
        inner = features.Get<IHttpResponseBodyFeature>()!;
        body = inner.Stream;
        Bytes = 0;
        features.Set<IHttpResponseBodyFeature>(this);
    }

    public void Detach(IFeatureCollection features)
    {
        features.Set(inner);
        Watch?.Dispose();
        (inner, body, Watch) = (null!, null!, null);
    }

    // The feature. The writer is not counted: everything here and in YARP writes to the stream.

    Stream IHttpResponseBodyFeature.Stream => this;

    PipeWriter IHttpResponseBodyFeature.Writer => inner.Writer;

    void IHttpResponseBodyFeature.DisableBuffering() => inner.DisableBuffering();

    Task IHttpResponseBodyFeature.StartAsync(CancellationToken cancellationToken) => inner.StartAsync(cancellationToken);

    Task IHttpResponseBodyFeature.CompleteAsync() => inner.CompleteAsync();

    Task IHttpResponseBodyFeature.SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken) =>
        inner.SendFileAsync(path, offset, count, cancellationToken);

    // The stream.

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Bytes += buffer.Length;
        var write = body.WriteAsync(buffer, cancellationToken);
        return write.IsCompleted || Watch is null ? write : Watch.WatchAsync(write);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count)
    {
        Bytes += count;
        body.Write(buffer, offset, count);
    }

    public override Task FlushAsync(CancellationToken cancellationToken)
    {
        var flush = body.FlushAsync(cancellationToken);
        return flush.IsCompleted || Watch is null ? flush : Watch.WatchAsync(new ValueTask(flush)).AsTask();
    }

    public override void Flush() => body.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
