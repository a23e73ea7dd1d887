namespace IngressController.Kubernetes.Manifests.Documents;

/// <param name="Bytes">Empty where the document is too large.</param>
/// <param name="Line">The line of its first byte, counted from 1.</param>
internal readonly record struct DocumentBytes(byte[] Bytes, int Line, bool IsTooLarge);

/// <summary>
/// Cuts a YAML stream at its <c>---</c> lines without reading it as YAML, as kubectl does: so a document with a mistake, or one
/// that is too large, costs only itself, and no more than one document is ever in memory.
/// </summary>
internal sealed class DocumentSplitter(Stream stream, int maximumBytes)
{
    private readonly byte[] buffer = new byte[64 * 1024];
    private int start;
    private int end;

    /// <summary>Documents that hold nothing but comments and directives are left out or begin the next one.</summary>
    public IEnumerable<DocumentBytes> Split()
    {
        var document = new MemoryStream();
        var (line, firstLine, hasContent, isTooLarge, isLineStart) = (0, 1, false, false, true);
        for (var chunk = ReadChunk(); !chunk.IsEmpty; chunk = ReadChunk())
        {
            line += isLineStart ? 1 : 0;
            if (isLineStart && hasContent && IsBoundary(chunk.Span))
            {
                yield return new(document.ToArray(), firstLine, isTooLarge);
                (firstLine, hasContent, isTooLarge) = (line, false, false);
                document.SetLength(0);
            }

            hasContent |= !isLineStart || IsContent(chunk.Span);
            isTooLarge |= document.Length + chunk.Length > maximumBytes;
            if (isTooLarge)
            {
                document.SetLength(0);
            }
            else
            {
                document.Write(chunk.Span);
            }

            isLineStart = chunk.Span[^1] == '\n';
        }

        if (hasContent || isTooLarge)
        {
            yield return new(document.ToArray(), firstLine, isTooLarge);
        }
    }

    /// <summary>The next line with its line end, or a part of one that is longer than the buffer; empty at the end.</summary>
    private ReadOnlyMemory<byte> ReadChunk()
    {
        while (true)
        {
            var length = buffer.AsSpan(start, end - start).IndexOf((byte)'\n') + 1;
            if (length == 0 && end - start == buffer.Length)
            {
                length = buffer.Length;
            }

            if (length > 0)
            {
                start += length;
                return buffer.AsMemory(start - length, length);
            }

            buffer.AsSpan(start, end - start).CopyTo(buffer);
            (start, end) = (0, end - start);
            var read = stream.Read(buffer, end, buffer.Length - end);
            if (read == 0)
            {
                start = end;
                return buffer.AsMemory(0, end);
            }

            end += read;
        }
    }

    private static bool IsBoundary(ReadOnlySpan<byte> line) => line.StartsWith("---"u8) && (line.Length == 3 || IsWhite(line[3]));

    private static bool IsContent(ReadOnlySpan<byte> line)
    {
        if (line.StartsWith("%"u8))
        {
            return false;
        }

        var text = (IsBoundary(line) ? line[3..] : line).Trim(" \t\r\n"u8);
        return !text.IsEmpty && text[0] != '#';
    }

    private static bool IsWhite(byte value) => value is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n';
}
