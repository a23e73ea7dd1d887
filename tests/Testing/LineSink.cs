using System.Collections.Concurrent;
using System.Text;

namespace IngressController.Testing;

/// <summary>An output stream that keeps what is written to it as lines.</summary>
public sealed class LineSink : Stream
{
    private readonly StringBuilder unfinished = new();

    public ConcurrentQueue<string> Lines { get; } = new();

    /// <summary>Writing waits for this; completed unless a test wants a slow output.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>The first line that has the text, waiting for it.</summary>
    public async Task<string> LineAsync(string text)
    {
        await Eventually.TrueAsync(() => Lines.Any(line => line.Contains(text, StringComparison.Ordinal)), $"a line with \"{text}\"");
        return Lines.First(line => line.Contains(text, StringComparison.Ordinal));
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await Gate.WaitAsync(cancellationToken);
        Write(buffer.Span);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        foreach (var character in Encoding.UTF8.GetString(buffer))
        {
            if (character == '\n')
            {
                Lines.Enqueue(unfinished.ToString());
                unfinished.Clear();
            }
            else
            {
                unfinished.Append(character);
            }
        }
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
