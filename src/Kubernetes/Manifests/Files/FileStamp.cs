using System.Runtime.InteropServices;

namespace IngressController.Kubernetes.Manifests.Files;

internal enum FileType
{
    /// <summary>Nothing is there, or a symbolic link points to nothing.</summary>
    Missing,
    Regular,
    Directory,

    /// <summary>A FIFO, socket or device: opening it may block for ever.</summary>
    Special,
}

/// <summary>
/// What a path leads to, links followed. Two equal stamps mean the same bytes: a file that is replaced gets another inode, one that is
/// written another change time, which, unlike the modification time, nobody can set.
/// </summary>
/// <param name="Inode">0 where the system has none to tell.</param>
/// <param name="Modified">In ticks or nanoseconds; only good for comparing.</param>
internal readonly partial record struct FileStamp(FileType Type, ulong Device, ulong Inode, long Size, long Modified, long Changed)
{
    private const int CurrentDirectory = -100;
    private const uint BasicStats = 0x7ff;

    public static FileStamp Of(string path) =>
        OperatingSystem.IsLinux() && StatX(CurrentDirectory, path, 0, BasicStats, out var stat) == 0 ? Of(stat) : Portable(path);

    private static FileStamp Of(in LinuxStat stat) => new(
        (stat.Mode & 0xF000) switch
        {
            0x8000 => FileType.Regular,
            0x4000 => FileType.Directory,
            _ => FileType.Special,
        },
        ((ulong)stat.DeviceMajor << 32) | stat.DeviceMinor,
        stat.Inode,
        (long)stat.Size,
        (stat.ModifiedSeconds * 1_000_000_000) + stat.ModifiedNanoseconds,
        (stat.ChangedSeconds * 1_000_000_000) + stat.ChangedNanoseconds);

    /// <summary>Without inodes: enough for a developer's machine.</summary>
    private static FileStamp Portable(string path)
    {
        if (Directory.Exists(path))
        {
            return new(FileType.Directory, 0, 0, 0, 0, 0);
        }

        try
        {
            var file = new FileInfo(path);
            file = file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
            return file.Exists ? new(FileType.Regular, 0, 0, file.Length, file.LastWriteTimeUtc.Ticks, file.CreationTimeUtc.Ticks) : default;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return default;
        }
    }

    /// <summary>statx(2): the one stat call with the same layout on every architecture.</summary>
    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(int directory, string path, int flags, uint mask, out LinuxStat stat);

    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private readonly struct LinuxStat
    {
        [FieldOffset(28)]
        public readonly ushort Mode;

        [FieldOffset(32)]
        public readonly ulong Inode;

        [FieldOffset(40)]
        public readonly ulong Size;

        [FieldOffset(96)]
        public readonly long ChangedSeconds;

        [FieldOffset(104)]
        public readonly uint ChangedNanoseconds;

        [FieldOffset(112)]
        public readonly long ModifiedSeconds;

        [FieldOffset(120)]
        public readonly uint ModifiedNanoseconds;

        [FieldOffset(136)]
        public readonly uint DeviceMajor;

        [FieldOffset(140)]
        public readonly uint DeviceMinor;
    }
}
