using System.Security.Cryptography;
using System.Text;

namespace IngressController.App.Dashboard.Access;

/// <summary>The token that opens the admin port, as its file has it now: the file is read again when it is a second ago, so that a mounted Secret may change.</summary>
internal sealed class AdminToken(string file, TimeProvider time, ILogger<AdminToken> log)
{
    private const int ShortestToken = 16;
    private const int LongestFile = 64 * 1024;
    private const string Scheme = "Bearer ";
    private const string NoText = "is empty, or a pipe or a device, which cannot be read again and again";
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private byte[]? digest;
    private DateTimeOffset readAt = DateTimeOffset.MinValue;
    private bool isBroken;

    /// <summary>Says what is wrong with a file, or null.</summary>
    public static string? Flaw(string file)
    {
        try
        {
            _ = Read(file);
            return null;
        }
        catch (InvalidDataException failure)
        {
            return failure.Message;
        }
    }

    /// <summary>Takes as long whatever is wrong with the request's token.</summary>
    public bool IsIn(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        var given = header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? header[Scheme.Length..].Trim() : "";
        return given.Length > 0 && Current() is { } expected && CryptographicOperations.FixedTimeEquals(Digest(given), expected);
    }

    /// <returns>Null where the file cannot be read: then nobody has the token.</returns>
    private byte[]? Current()
    {
        lock (gate)
        {
            var now = time.GetUtcNow();
            if (now - readAt >= Freshness || now < readAt)
            {
                readAt = now;
                digest = Refresh();
            }

            return digest;
        }
    }

    private byte[]? Refresh()
    {
        try
        {
            var fresh = Digest(Read(file));
            isBroken = false;
            return fresh;
        }
        catch (InvalidDataException failure)
        {
            if (!isBroken)
            {
                log.AdminTokenUnreadable(file, failure.Message);
            }

            isBroken = true;
            return null;
        }
    }

    /// <exception cref="InvalidDataException">There is no token to be had from the file; the message says why, to be read after the file's name.</exception>
    public static string Read(string file)
    {
        try
        {
            return file.Length > 0 ? TokenIn(file) : throw new InvalidDataException("is no name of a file");
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InvalidDataException("does not exist", failure);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"cannot be read: {failure.Message}", failure);
        }
    }

    private static string TokenIn(string file)
    {
        if (Directory.Exists(file))
        {
            throw new InvalidDataException("is a directory");
        }

        if ((File.ResolveLinkTarget(file, returnFinalTarget: true) ?? new FileInfo(file)) is FileInfo { Exists: true, Length: 0 })
        {
            throw new InvalidDataException(NoText); // before it is opened: with a pipe that would take until somebody writes to it
        }

        using var stream = File.OpenRead(file);
        if (!stream.CanSeek)
        {
            throw new InvalidDataException(NoText);
        }

        if (stream.Length > LongestFile)
        {
            throw new InvalidDataException("is too long for a token");
        }

        using var reader = new StreamReader(stream);
        var token = reader.ReadToEnd().Trim();
        return token.Length >= ShortestToken && token.All(letter => letter is > ' ' and <= '~') ? token
            : throw new InvalidDataException($"holds no token of at least {ShortestToken} visible characters");
    }

    private static byte[] Digest(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
