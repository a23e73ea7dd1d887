using Microsoft.AspNetCore.Http;

namespace IngressController.Proxy.Limits;

/// <summary>
/// The body of a request, whose client has a limited time for the next part, and for all parts so far as much as their size is worth at the lowest rate. Only
/// the time counts in which we wait for the client. An exchange whose answer has begun goes in both directions, and its silences are the route's affair.
/// </summary>
internal sealed class TimedUpload(Stream body, HttpResponse response, LimitOptions limits, TimeProvider time) : Stream
{
    private CancellationTokenSource clock = new(Timeout.InfiniteTimeSpan, time);
    private TimeSpan waited;
    private long received;

    /// <summary>Bytes.</summary>
    public long Received => received;

    /// <summary>The last that was read from the client did not come before somebody lost patience.</summary>
    public bool IsStalled { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <exception cref="BadHttpRequestException">With 408: the client lets us wait too long.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        clock = clock.TryReset() ? clock : new(Timeout.InfiniteTimeSpan, time);
        using var given = cancellationToken.UnsafeRegister(static clock => ((CancellationTokenSource)clock!).Cancel(), clock);
        var began = time.GetTimestamp();
        try
        {
            var reading = body.ReadAsync(buffer, clock.Token);
            if (!reading.IsCompleted)
            {
                clock.CancelAfter(Patience); // small bodies have come with their headers, and need no timer
            }

            var count = await reading;
            received += count;
            waited += time.GetElapsedTime(began);
            return count;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested && !response.HasStarted)
        {
            IsStalled = true;
            throw new BadHttpRequestException("The client sends the request's body too slowly", StatusCodes.Status408RequestTimeout);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
        }
        catch (OperationCanceledException)
        {
            IsStalled = true;
            throw;
        }
        finally
        {
            clock.CancelAfter(Timeout.InfiniteTimeSpan); // nobody disposes of a request's body, and its last timer would outlive it by a minute
        }

        return await ReadAsync(buffer, cancellationToken); // the answer has begun while we waited: without a limit from now on
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        clock.Dispose();
        base.Dispose(disposing);
    }

    private TimeSpan Patience
    {
        get
        {
            if (response.HasStarted)
            {
                return Timeout.InfiniteTimeSpan;
            }

            var left = limits.MinBodyRate == 0 ? limits.BodyTimeout : limits.BodyTimeout + TimeSpan.FromSeconds((double)received / limits.MinBodyRate) - waited;
            return left < TimeSpan.Zero ? TimeSpan.Zero : left < limits.BodyTimeout ? left : limits.BodyTimeout;
        }
    }
}
