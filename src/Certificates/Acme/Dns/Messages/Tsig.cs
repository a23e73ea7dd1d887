using System.Buffers.Binary;
using System.Security.Cryptography;
using IngressController.Cluster;

namespace IngressController.Certificates.Acme.Dns.Messages;

/// <summary>Signatures of messages by a shared secret (RFC 8945).</summary>
internal sealed class Tsig(TsigKey key, TimeProvider time)
{
    /// <summary>Seconds that the clocks of both may differ.</summary>
    private const ushort Fudge = 300;

    private readonly string name = key.Name.TrimEnd('.').ToLowerInvariant();
    private readonly string algorithm = key.Algorithm.ToLowerInvariant();

    /// <param name="mac">Of the signature; the answer is signed together with it.</param>
    public byte[] Sign(byte[] message, out byte[] mac)
    {
        var fields = new TsigFields(algorithm, time.GetUtcNow().ToUnixTimeSeconds(), Fudge, Error: 0, []) { Id = BinaryPrimitives.ReadUInt16BigEndian(message) };
        mac = MacOf([], message, fields);
        var record = new MessageWriter();
        record.Record(new(name, DnsType.Tsig, DnsClass.Any, 0, (fields with { Mac = mac.ToEquatableArray() }).ToBody()));
        byte[] signed = [.. message, .. record.ToArray()];
        CountAdditional(signed, 1);
        return signed;
    }

    /// <param name="code">What the answer says.</param>
    /// <param name="answer">The answer up to its signature.</param>
    /// <param name="signature">Null: it has none.</param>
    /// <param name="asked">The signature of the question.</param>
    /// <exception cref="IOException">It was not signed with the key, or not now; or the server says that of the question.</exception>
    public void Verify(DnsCode code, byte[] answer, DnsRecord? signature, byte[] asked)
    {
        if (signature is null && code != DnsCode.Done)
        {
            return; // who refuses may not sign that, and whoever says so in his place gains nothing
        }

        if (signature is null)
        {
            throw new IOException($"its answer is not signed with the {key}");
        }

        var fields = MessageReader.ReadSignature(signature);
        if (WrongWithQuestion((DnsCode)fields.Error) is { } wrong)
        {
            throw new IOException(wrong);
        }

        CountAdditional(answer, -1);
        BinaryPrimitives.WriteUInt16BigEndian(answer, fields.Id);
        if (signature is not { Class: DnsClass.Any, Seconds: 0 } || signature.Name != name || fields.Algorithm != algorithm || !CryptographicOperations.FixedTimeEquals(fields.Mac.AsSpan(), MacOf(asked, answer, fields)))
        {
            throw new IOException($"the signature of its answer is not by the {key}");
        }

        if (Math.Abs(time.GetUtcNow().ToUnixTimeSeconds() - fields.Moment) > Fudge)
        {
            throw new IOException("the signature of its answer is not of now");
        }
    }

    private string? WrongWithQuestion(DnsCode error) => error switch
    {
        DnsCode.Done => null,
        DnsCode.BadKey => $"it does not know the {key} with {algorithm}",
        DnsCode.BadSignature or DnsCode.BadTruncation => $"it has another secret for the {key}",
        DnsCode.BadTime => $"its clock differs from ours by more than {Fudge} s, so it does not take the {key}",
        _ => $"it does not take the {key} ({error})",
    };

    /// <summary>Section 4.3.</summary>
    /// <param name="asked">Empty for a question.</param>
    private byte[] MacOf(byte[] asked, byte[] message, TsigFields fields)
    {
        var digested = new MessageWriter();
        if (asked.Length > 0)
        {
            digested.Number((ushort)asked.Length);
            digested.Bytes(asked);
        }

        digested.Bytes(message);
        fields.WriteVariables(digested, name);
        return CryptographicOperations.HmacData(algorithm == "hmac-sha512" ? HashAlgorithmName.SHA512 : HashAlgorithmName.SHA256, key.Secret.AsSpan(), digested.ToArray());
    }

    private static void CountAdditional(Span<byte> message, int more)
    {
        var count = message[10..12];
        BinaryPrimitives.WriteUInt16BigEndian(count, (ushort)(BinaryPrimitives.ReadUInt16BigEndian(count) + more));
    }
}
