using System.Buffers;

namespace IngressController.App.Metrics.Text;

/// <summary>Text that is being written, in memory that is lent: answers of megabytes leave no garbage behind.</summary>
internal sealed class Pages : IBufferWriter<byte>, IDisposable
{
    private const int PageSize = 64 * 1024;

    private readonly List<(byte[] Page, int Used)> full = [];
    private byte[] page = ArrayPool<byte>.Shared.Rent(PageSize);
    private int used;

    /// <summary>In bytes.</summary>
    public long Length { get; private set; }

    public void Advance(int count)
    {
        used += count;
        Length += count;
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (page.Length - used < Math.Max(sizeHint, 1))
        {
            full.Add((page, used));
            page = ArrayPool<byte>.Shared.Rent(Math.Max(sizeHint, PageSize));
            used = 0;
        }

        return page.AsMemory(used);
    }

    public async Task CopyToAsync(Stream output, CancellationToken cancellationToken)
    {
        foreach (var (earlier, length) in full)
        {
            await output.WriteAsync(earlier.AsMemory(0, length), cancellationToken);
        }

        await output.WriteAsync(page.AsMemory(0, used), cancellationToken);
    }

    public void Dispose()
    {
        full.ForEach(entry => ArrayPool<byte>.Shared.Return(entry.Page));
        ArrayPool<byte>.Shared.Return(page);
        full.Clear();
        page = [];
    }
}
