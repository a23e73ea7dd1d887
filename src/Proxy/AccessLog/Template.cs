using System.Collections.Immutable;
using System.Text;
using IngressController.Proxy.Observing;

namespace IngressController.Proxy.AccessLog;

/// <summary>
/// A line that the operator has designed, in the language of nginx's log_format: text, and variables as <c>$name</c> or <c>${name}</c> from a closed list. Read once; users of
/// the cluster have no part in it.
/// </summary>
internal sealed class Template : ILineFormat
{
    private const string EscapeMark = "escape=";

    private readonly ImmutableArray<Piece> pieces;
    private readonly Escaping escaping;

    private Template(ImmutableArray<Piece> pieces, Escaping escaping) => (this.pieces, this.escaping) = (pieces, escaping);

    /// <exception cref="FormatException">It is none.</exception>
    public static Template Parse(string text) => Read(text, static (_, _) => "", out var template) is { } wrong ? throw new FormatException(wrong) : template!;

    /// <inheritdoc cref="AccessLogFormat.Read"/>
    public static string? Read(string text, Func<string, IEnumerable<string>, string> suggest, out Template? template)
    {
        template = null;
        var rest = text.AsSpan();
        if (ReadEscaping(ref rest, out var escaping) is { } unsafely)
        {
            return unsafely;
        }

        if (rest.ContainsAnyInRange('\0', '\x1f') || rest.Contains('\x7f'))
        {
            return "has a control character in it; a request is one line";
        }

        var pieces = ImmutableArray.CreateBuilder<Piece>();
        while (!rest.IsEmpty)
        {
            var wrong = rest[0] == '$' ? ReadVariable(ref rest, suggest, pieces) : ReadLiteral(ref rest, pieces);
            if (wrong is not null)
            {
                return wrong;
            }
        }

        template = new(pieces.ToImmutable(), escaping);
        return null;
    }

    public bool Shows(string variable) => pieces.Any(piece => piece.Name == variable);

    public void Write(in RequestRecord record, LineBuffer line)
    {
        foreach (var piece in pieces)
        {
            if (piece.Variable is { } variable)
            {
                variable(record, line, escaping);
            }
            else
            {
                line.Add(piece.Literal);
            }
        }
    }

    private static string? ReadEscaping(ref ReadOnlySpan<char> rest, out Escaping escaping)
    {
        escaping = Escaping.Nginx;
        if (!rest.StartsWith(EscapeMark, StringComparison.Ordinal))
        {
            return null;
        }

        var end = rest.IndexOf(';');
        var kind = end < 0 ? default : rest[EscapeMark.Length..end];
        if (kind is not ("json" or "default"))
        {
            return "begins with escape=, but not with escape=json; or escape=default; (without escaping, clients could write lines of their own)";
        }

        escaping = kind is "json" ? Escaping.Json : Escaping.Nginx;
        rest = rest[(end + 1)..];
        return null;
    }

    private static string? ReadLiteral(ref ReadOnlySpan<char> rest, ImmutableArray<Piece>.Builder pieces)
    {
        var end = rest.IndexOf('$');
        end = end < 0 ? rest.Length : end;
        pieces.Add(new("", Encoding.UTF8.GetBytes(rest[..end].ToString()), null));
        rest = rest[end..];
        return null;
    }

    private static string? ReadVariable(ref ReadOnlySpan<char> rest, Func<string, IEnumerable<string>, string> suggest, ImmutableArray<Piece>.Builder pieces)
    {
        var inBraces = rest.StartsWith("${", StringComparison.Ordinal);
        var from = inBraces ? 2 : 1;
        var length = rest[from..].IndexOfAnyExcept(Variables.NameCharacters);
        length = length < 0 ? rest.Length - from : length;
        var name = rest.Slice(from, length).ToString();
        rest = rest[(from + length)..];
        if (name.Length == 0 || (inBraces && !rest.StartsWith('}')))
        {
            return inBraces ? "has a ${ that is not ${name}" : "has a $ without a variable's name after it";
        }

        if (!Variables.All.TryGetValue(name, out var variable))
        {
            return $"has the variable ${name}, which there is not{suggest("$" + name, Variables.All.Keys.Select(known => "$" + known))} (docs/access-log.md lists all)";
        }

        rest = inBraces ? rest[1..] : rest;
        pieces.Add(new(name, [], variable));
        return null;
    }

    /// <summary>Text that every line has, or a variable.</summary>
    private readonly record struct Piece(string Name, byte[] Literal, Variable? Variable);
}
