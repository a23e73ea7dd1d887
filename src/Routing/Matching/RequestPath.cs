using System.Buffers;

namespace IngressController.Routing.Matching;

/// <summary>How a path is split into elements.</summary>
internal enum PathReading
{
    /// <summary>RFC 3986: only a plain slash separates elements; an encoded slash is part of one.</summary>
    Strict,

    /// <summary>What careless servers make of it: encoded slashes and backslashes separate too, and <c>..;x</c> is <c>..</c>.</summary>
    Lenient,
}

/// <summary>What became of a path.</summary>
internal enum PathForm
{
    Normal,

    /// <summary>Normal, but a lenient reader would read another path.</summary>
    Ambiguous,

    /// <summary>A broken percent-encoding, an encoded NUL, or dot segments that climb above the root or past an empty element.</summary>
    Malformed,
}

/// <summary>
/// The normal form in which paths are matched: percent-decoded as UTF-8 but for the slash (<c>%2F</c> stays), runs of slashes merged, dot segments
/// removed. docs/paths.md is the written policy and says why. The request target itself is forwarded as it came.
/// </summary>
public static class RequestPath
{
    private static readonly SearchValues<string> Irregular = SearchValues.Create(["%", "\\", "//", "/."], StringComparison.Ordinal);

    /// <summary>The path and query of a request target, as it came: <c>/a?b</c> for <c>/a?b</c> and <c>http://host/a?b</c>. Empty for <c>*</c> and an authority.</summary>
    public static ReadOnlySpan<char> OriginForm(ReadOnlySpan<char> target)
    {
        if (target.StartsWith('/'))
        {
            return target;
        }

        // RFC 9112 section 3.2.2: servers must accept the absolute form.
        var authority = target.IndexOf("://", StringComparison.Ordinal);
        if (authority < 0)
        {
            return default;
        }

        var rest = target[(authority + 3)..];
        var path = rest.IndexOfAny('/', '?');
        return path < 0 ? "/" : rest[path] == '/' ? rest[path..] : string.Concat("/", rest[path..]);
    }

    /// <summary>A rule's path in normal form; as it stands where it has none.</summary>
    internal static string NormalizeRule(string path)
    {
        var buffer = new char[path.Length + 1];
        return Normalize(path, PathReading.Strict, buffer, out var normal) == PathForm.Malformed ? path : normal.ToString();
    }

    /// <param name="path">Begins with a slash; without query.</param>
    /// <param name="buffer">At least as long as the path.</param>
    internal static PathForm Normalize(ReadOnlySpan<char> path, PathReading reading, Span<char> buffer, out ReadOnlySpan<char> normal)
    {
        normal = path;
        if (!path.ContainsAny(Irregular))
        {
            return PathForm.Normal;
        }

        var (form, merged, length) = (PathForm.Normal, false, 1);
        buffer[0] = '/';
        for (var rest = path[1..]; ;)
        {
            var end = IndexOfSeparator(rest, reading, out var separatorLength);
            var begin = length;
            if (!PercentEncoding.TryDecode(rest[..end], buffer, ref length, ref form))
            {
                return PathForm.Malformed;
            }

            var element = WithoutDotParameters(buffer[begin..length], reading, ref form);
            if (element is "." or "..")
            {
                if (element.Length == 2 && (merged || begin == 1))
                {
                    return PathForm.Malformed; // readers disagree about what "//.." removes; nothing is above the root
                }

                length = element.Length == 1 ? begin : buffer[..(begin - 1)].LastIndexOf('/') + 1;
            }
            else if (separatorLength > 0 && element.IsEmpty)
            {
                merged = true;
            }
            else if (separatorLength > 0)
            {
                buffer[length++] = '/';
            }

            if (separatorLength == 0)
            {
                normal = buffer[..length];
                return form;
            }

            rest = rest[(end + separatorLength)..];
        }
    }

    private static int IndexOfSeparator(ReadOnlySpan<char> text, PathReading reading, out int length)
    {
        length = 1;
        if (reading == PathReading.Strict)
        {
            var slash = text.IndexOf('/');
            length = slash < 0 ? 0 : 1;
            return slash < 0 ? text.Length : slash;
        }

        for (var index = 0; index < text.Length; index++)
        {
            if (text[index] is '/' or '\\')
            {
                return index;
            }

            if (text[index] == '%' && PercentEncoding.TryReadByte(text[index..], out var value) && value is (byte)'/' or (byte)'\\')
            {
                length = 3;
                return index;
            }
        }

        length = 0;
        return text.Length;
    }

    /// <summary>Servlet containers strip path parameters before they look at dots.</summary>
    private static ReadOnlySpan<char> WithoutDotParameters(ReadOnlySpan<char> element, PathReading reading, ref PathForm form)
    {
        if (!element.StartsWith('.') || !(element.StartsWith(".;") || element.StartsWith("..;")))
        {
            return element;
        }

        form = PathForm.Ambiguous;
        return reading == PathReading.Strict ? element : element[..element.IndexOf(';')];
    }
}
