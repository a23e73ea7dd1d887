using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace IngressController.Kubernetes.Manifests.Files;

/// <summary>Files with secrets, that are there whole or not at all, also after a crash or a power cut.</summary>
internal static partial class DurableFile
{
    /// <summary>What is being written, hidden from those who read the directory. A leftover of a crash is as good as none.</summary>
    public const string Unfinished = ".new";

    private const int CloseOnExec = 0x80000;

    public static UnixFileMode Mode => UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static UnixFileMode DirectoryMode => Mode | UnixFileMode.UserExecute;

    /// <summary>Makes or replaces a file; where a link stands, it takes the place of the link. One at a time in a directory.</summary>
    public static void Write(string path, ReadOnlySpan<byte> bytes)
    {
        var directory = Path.GetDirectoryName(path)!;
        var unfinished = Path.Join(directory, Unfinished);
        File.Delete(unfinished);
        try
        {
            using (var file = new FileStream(unfinished, Options(FileMode.CreateNew, FileShare.Read)))
            {
                file.Write(bytes);
                file.Flush(flushToDisk: true); // else the name could be on the disk before the bytes
            }

            File.Move(unfinished, path, overwrite: true);
        }
        catch
        {
            File.Delete(unfinished);
            throw;
        }

        FlushDirectory(directory);
    }

    public static void CreateDirectory(string path)
    {
        if (Directory.Exists(path))
        {
            return;
        }

        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
            return;
        }

        Directory.CreateDirectory(path, DirectoryMode);
        FlushDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    public static FileStreamOptions Options(FileMode mode, FileShare share)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = share };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = Mode;
        }

        return options;
    }

    /// <summary>New names in it are on the disk then. .NET opens no directories.</summary>
    private static void FlushDirectory(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        using var handle = new SafeFileHandle(Open(path, CloseOnExec), ownsHandle: true);
        if (!handle.IsInvalid)
        {
            RandomAccess.FlushToDisk(handle);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);
}
