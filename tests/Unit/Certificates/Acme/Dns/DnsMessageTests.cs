using System.Text;
using IngressController.Certificates.Acme;
using IngressController.Certificates.Acme.Dns.Messages;
using IngressController.Testing;

namespace IngressController.Unit.Certificates.Acme.Dns;

/// <summary>What BIND makes of them is shown in the end-to-end tests; here is what no honest server sends.</summary>
public sealed class DnsMessageTests
{
    private static readonly TsigKey Key = new("the.key", "hmac-sha256", [1, 2, 3]);

    [Fact]
    public void What_is_written_is_read_again()
    {
        var asked = DnsMessage.Change("a.test", DnsRecord.Txt("_acme-challenge.a.test", DnsClass.In, 60, "the value"));
        var read = MessageReader.Read(MessageWriter.Write(asked), out var signature, out _);
        Assert.Equal(asked, read);
        Assert.Equal("the value", read.Authority[0].Text);
        Assert.Null(signature);
    }

    [Fact]
    public void Names_are_the_same_in_any_case_and_may_point_back()
    {
        byte[] message =
        [
            0, 1, 0x84, 0, 0, 1, 0, 1, 0, 0, 0, 0,
            1, (byte)'A', 4, .. "Test"u8, 0, 0, 5, 0, 1, // the question, at 12
            1, (byte)'b', 0xC0, 12, 0, 5, 0, 1, 0, 0, 0, 60, 0, 4, 1, (byte)'c', 0xC0, 14,
        ];
        var read = MessageReader.Read(message, out _, out _);
        Assert.Equal(new DnsQuestion("a.test", DnsType.Cname), read.Question);
        Assert.Equal(("b.a.test", "c.test"), (read.Answers[0].Name, read.Answers[0].Target));
    }

    [Theory]
    [InlineData(0xC0, 12)] // to itself
    [InlineData(0xC0, 4)] // into the header
    [InlineData(0xC0, 255)] // beyond the end
    [InlineData(0x80, 12)] // no kind of label
    public void Names_that_lead_nowhere_are_refused(byte first, byte second) =>
        Assert.Throws<IOException>(() => MessageReader.Read([0, 1, 0x84, 0, 0, 1, 0, 0, 0, 0, 0, 0, first, second, 0, 16, 0, 1], out _, out _));

    [Theory]
    [InlineData("a..test")]
    [InlineData(".a.test")]
    [InlineData("b\u00fccher.test")]
    public void What_is_no_name_is_not_sent(string name) => Assert.Throws<IOException>(() => MessageWriter.Write(DnsMessage.Ask(name, DnsType.Txt)));

    [Fact]
    public void Names_have_at_most_63_bytes_in_a_label_and_255_in_all()
    {
        var longest = string.Join('.', new string('a', 63), new string('b', 63), new string('c', 63), new string('d', 61));
        var read = MessageReader.Read(MessageWriter.Write(DnsMessage.Ask(longest, DnsType.Txt)), out _, out _);
        Assert.Equal(longest, read.Question.Name);
        Assert.Throws<IOException>(() => MessageWriter.Write(DnsMessage.Ask(longest + "d", DnsType.Txt)));
        Assert.Throws<IOException>(() => MessageWriter.Write(DnsMessage.Ask(new string('a', 64), DnsType.Txt)));
    }

    [Fact]
    public void Whatever_byte_is_damaged_it_is_a_message_or_none()
    {
        var whole = Signed(out _);
        for (var place = 0; place < whole.Length; place++)
        {
            foreach (var damage in (byte[])[0, 1, 0x3F, 0x80, 0xC0, 0xFF])
            {
                var damaged = whole.ToArray();
                damaged[place] = damage;
                Assert.True(IsReadOrRefused(damaged), $"{damage} at {place}");
            }

            Assert.True(IsReadOrRefused(whole[..place]), $"the first {place}");
        }
    }

    [Fact]
    public void A_signature_holds_for_its_message_its_question_its_key_and_its_time()
    {
        var (clock, answer) = (new ManualClock(), Signed(out var asked));
        Verify(new Tsig(Key, clock), answer, asked);
        for (var place = 0; place < answer.Length; place++)
        {
            var damaged = answer.ToArray();
            damaged[place] ^= 1;
            Assert.True(place is 0 or 1 || Refuses(() => Verify(new Tsig(Key, clock), damaged, asked)), $"bit at {place}");
        }

        Assert.True(Refuses(() => Verify(new Tsig(Key, clock), answer, [.. asked, 1])));
        Assert.True(Refuses(() => Verify(new Tsig(Key with { Secret = [1, 2, 4] }, clock), answer, asked)));
        Assert.True(Refuses(() => Verify(new Tsig(Key with { Name = "another.key" }, clock), answer, asked)));
        clock.Advance(TimeSpan.FromSeconds(301));
        Assert.True(Refuses(() => Verify(new Tsig(Key, clock), answer, asked)));
    }

    /// <summary>As an answer to a question whose own signature was empty, which signs the same bytes as a question.</summary>
    private static byte[] Signed(out byte[] asked)
    {
        asked = [];
        var message = MessageWriter.Write(DnsMessage.Change("a.test", DnsRecord.Txt("x.a.test", DnsClass.In, 60, "value")));
        message[2] |= 0x80;
        return new Tsig(Key, new ManualClock()).Sign(message, out _);
    }

    private static void Verify(Tsig tsig, byte[] answer, byte[] asked)
    {
        var read = MessageReader.Read(answer, out var signature, out var signed);
        tsig.Verify(read.Code, answer[..signed], signature, asked);
    }

    private static bool Refuses(Action verify)
    {
        try
        {
            verify();
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    private static bool IsReadOrRefused(byte[] message)
    {
        try
        {
            MessageReader.Read(message, out var signature, out _);
            _ = signature is null ? null : MessageReader.ReadSignature(signature);
            return true;
        }
        catch (IOException e)
        {
            return Encoding.ASCII.GetByteCount(e.Message) > 0;
        }
    }
}
