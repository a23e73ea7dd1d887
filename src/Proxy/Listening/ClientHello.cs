using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace IngressController.Proxy.Listening;

/// <summary>What a client says when it opens TLS (RFC 8446 section 4.1.2), as far as it decides what happens to the connection.</summary>
/// <param name="ServerName">From SNI, lower case; empty where the client names no host.</param>
/// <param name="TakesEcdsa">
/// The client can verify signatures with keys on elliptic curves, and has, for TLS 1.2 where the suite decides that too, a modern suite with them (RFC 8422
/// section 2.2).
/// </param>
internal sealed record ClientHello(string ServerName, bool TakesEcdsa)
{
    private const int HandshakeRecord = 22;
    private const int ClientHelloMessage = 1;
    private const int ServerNameExtension = 0;
    private const int SignatureAlgorithmsExtension = 13;
    private const int ApplicationProtocolsExtension = 16;
    private const int SupportedVersionsExtension = 43;

    /// <summary>A hello with everything that clients send, post-quantum keys included, is below 4 kB.</summary>
    private const int MostBytes = 16 * 1024;

    /// <summary>The client is a certificate authority that looks whether the host is ours (RFC 8737 section 3): it speaks <c>acme-tls/1</c> and nothing else.</summary>
    public bool AsksForProof { get; init; }

    /// <summary>Reads the hello that a connection begins with.</summary>
    /// <returns>Null where it has not come whole; without a hello where this is no TLS.</returns>
    public static Verdict<ClientHello?>? Read(in ReadOnlySequence<byte> received)
    {
        var (message, isBroken) = MessageOf(received);
        if (message is null || isBroken)
        {
            return isBroken ? new(null) : null;
        }

        try
        {
            return new(Parse(message));
        }
        catch (ArgumentOutOfRangeException)
        {
            return new(null); // some length in it leads beyond its end
        }
    }

    /// <summary>The body of the first handshake message, which may be spread over several records.</summary>
    private static (byte[]? Message, bool IsBroken) MessageOf(in ReadOnlySequence<byte> received)
    {
        var reader = new SequenceReader<byte>(received);
        var bytes = new ArrayBufferWriter<byte>(512);
        while (reader.TryRead(out var type))
        {
            if (type != HandshakeRecord || (reader.TryRead(out var major) && major != 3) || bytes.WrittenCount > MostBytes)
            {
                return (null, true);
            }

            if (!reader.TryRead(out _) || !reader.TryReadBigEndian(out short length) || !reader.TryReadExact((ushort)length, out var part))
            {
                return (null, reader.Consumed > MostBytes || received.Length > MostBytes);
            }

            bytes.Write(part.IsSingleSegment ? part.FirstSpan : part.ToArray());
            if (bytes.WrittenCount >= 4)
            {
                var size = BinaryPrimitives.ReadInt32BigEndian(bytes.WrittenSpan) & 0xFFFFFF;
                if (bytes.WrittenSpan[0] != ClientHelloMessage || size > MostBytes)
                {
                    return (null, true);
                }

                if (bytes.WrittenCount >= 4 + size)
                {
                    return (bytes.WrittenSpan.Slice(4, size).ToArray(), false);
                }
            }
        }

        return (null, received.Length > MostBytes); // records may be empty
    }

    private static ClientHello Parse(ReadOnlySpan<byte> hello)
    {
        var rest = hello[34..]; // version and random
        rest = rest[(1 + rest[..1][0])..]; // session
        var hasSuite = HasEcdsaSuite(rest.Slice(2, Number(rest)));
        rest = rest[(2 + Number(rest))..];
        rest = rest[(1 + rest[..1][0])..]; // compression
        var (name, verifiesEcdsa, asksForProof) = ("", false, false);
        rest = rest.Length < 2 ? [] : rest.Slice(2, Number(rest));
        while (rest.Length >= 4)
        {
            var body = rest.Slice(4, Number(rest[2..]));
            switch (Number(rest))
            {
                case ServerNameExtension:
                    name = ReadName(body);
                    break;
                case SignatureAlgorithmsExtension:
                    verifiesEcdsa = HasEcdsa(body);
                    break;
                case ApplicationProtocolsExtension:
                    asksForProof = body.SequenceEqual("\0\u000B\u000Aacme-tls/1"u8); // the list's length, the name's length, the name (RFC 7301 section 3.1)
                    break;
                case SupportedVersionsExtension:
                    hasSuite |= HasTls13(body);
                    break;
                default:
                    break;
            }

            rest = rest[(4 + body.Length)..];
        }

        return new(name, verifiesEcdsa && hasSuite) { AsksForProof = asksForProof };
    }

    private static int Number(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt16BigEndian(bytes);

    /// <summary>A list of names, of which only host names are known.</summary>
    private static string ReadName(ReadOnlySpan<byte> body)
    {
        var list = body.Length < 5 ? [] : body.Slice(2, Number(body));
        return list.Length > 3 && list[0] == 0 ? Encoding.ASCII.GetString(list.Slice(3, Number(list[1..]))).ToLowerInvariant().TrimEnd('.') : "";
    }

    /// <summary>ecdsa_secp256r1_sha256, ecdsa_secp384r1_sha384, ecdsa_secp521r1_sha512, and TLS 1.2's pair with SHA-1.</summary>
    private static bool HasEcdsa(ReadOnlySpan<byte> body)
    {
        for (var list = body[2..]; list.Length >= 2; list = list[2..])
        {
            if (Number(list) is 0x0403 or 0x0503 or 0x0603 or 0x0203)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>TLS_ECDHE_ECDSA with AES-128-GCM, AES-256-GCM or ChaCha20: those of TLS 1.2 that are served.</summary>
    private static bool HasEcdsaSuite(ReadOnlySpan<byte> suites)
    {
        for (; suites.Length >= 2; suites = suites[2..])
        {
            if (Number(suites) is 0xC02B or 0xC02C or 0xCCA9)
            {
                return true;
            }
        }

        return false;
    }

    private static bool HasTls13(ReadOnlySpan<byte> body)
    {
        for (var list = body[1..]; list.Length >= 2; list = list[2..])
        {
            if (Number(list) == 0x0304)
            {
                return true;
            }
        }

        return false;
    }
}
