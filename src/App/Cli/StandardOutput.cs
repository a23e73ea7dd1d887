using System.Runtime.InteropServices;

namespace IngressController.App.Cli;

/// <summary>
/// Standard output, for the access log. Of <see cref="Console"/> it has nothing: streams of that wait for one another, so that who does not read stdout would silence
/// stderr too, and they say nothing of a reader that has gone. Nor is it a file stream, which keeps a position of its own: with <c>&gt; file 2&gt;&amp;1</c> each would
/// write over the other. Who writes is blocked until the output takes it; <see cref="Stream.WriteAsync(ReadOnlyMemory{byte}, CancellationToken)"/> blocks another thread.
/// </summary>
internal sealed partial class StandardOutput : Stream
{
    private const int Descriptor = 1;

    // fcntl(2)
    private const int GetDescriptorFlags = 1;

    // errno of Linux
    private const int Interrupted = 4;
    private const int WouldBlock = 11;

    private StandardOutput()
    {
    }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>
    /// Null where the program was started without. The number is not free even then: the runtime has long opened something of its own, and what is written to that may end the
    /// process. But the runtime marks all that it opens to be closed by execve(2), and nothing that came through execve can have that mark.
    /// </summary>
    public static StandardOutput? Open() => DescriptorFlags(Descriptor, GetDescriptorFlags) == 0 ? new() : null;

    /// <exception cref="IOException">A full disk, or nobody reads any more.</exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            var written = Write(Descriptor, buffer, (nuint)buffer.Length);
            if (written < 0)
            {
                AfterFailure(Marshal.GetLastPInvokeError());
            }
            else
            {
                buffer = buffer[(int)written..];
            }
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>Returns where it may go better at once. Others who have the same output may have decided that writing does not block; then it waits here.</summary>
    private static void AfterFailure(int error)
    {
        if (error == WouldBlock)
        {
            var wanted = new Wanted { Descriptor = Descriptor, Events = Wanted.Room };
            _ = Poll(ref wanted, 1, timeout: -1);
        }
        else if (error != Interrupted)
        {
            throw new IOException(Marshal.GetPInvokeErrorMessage(error), error);
        }
    }

    /// <returns>1 where execve closes it (FD_CLOEXEC), 0 where not, -1 where it is not open.</returns>
    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int DescriptorFlags(int descriptor, int command);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(int descriptor, ReadOnlySpan<byte> bytes, nuint count);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int Poll(ref Wanted wanted, nuint count, int timeout);

    /// <summary>pollfd of poll(2)</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Wanted
    {
        public const short Room = 4;

        public int Descriptor;
        public short Events;
        public short Happened;
    }
}
