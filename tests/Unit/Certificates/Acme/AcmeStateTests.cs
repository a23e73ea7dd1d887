using System.Text;
using IngressController.Certificates.Acme;
using IngressController.Cluster;
using IngressController.Cluster.Resources;

namespace IngressController.Unit.Certificates.Acme;

public sealed class AcmeStateTests
{
    private static readonly DateTimeOffset Moment = new(2026, 3, 1, 12, 0, 0, 250, TimeSpan.Zero);
    private static readonly Uri Directory = new("https://ca.test/directory");
    private static readonly Metadata Place = new("ingress", "controller-acme");

    private static readonly AcmeState Full = new()
    {
        Accounts = [new("main", Directory, "the key", new("https://ca.test/account/1")) { NextKey = "the next key", Email = "a@b.test" }, new("other", Directory, "another", null)],
        Orders =
        [
            new(new("shop", "web"), "main", ["a.test", "*.b.test"], "its key", Moment)
            {
                Url = new("https://ca.test/order/1?x=%2F"), Challenge = ChallengeKind.TlsAlpn01, Tokens = [new("a.test", "abc"), new("b.test", "d-_e")], Replaces = "id.serial",
            },
            new(new("shop", "api"), "main", ["c.test"], "its key", Moment),
        ],
        Failures = [new("d.test", 3, Moment.AddHours(1), "\"quoted\" <words>\n\u00e9\ud83d\ude00") { Type = "connection", Challenge = ChallengeKind.TlsAlpn01 }],
        Ordered = [new("main", Moment)],
        Issued = [new("main", "c2V0", Moment)],
        Holds = [new("main", Moment, "too many orders") { LimitsOrders = true }],
    };

    public static TheoryData<string> Broken =>
    [
        "",
        " ",
        "null",
        "[]",
        "{",
        "{\"accounts\":null}",
        "{\"accounts\":[null]}",
        "{\"accounts\":[{}]}",
        "{\"accounts\":[{\"issuer\":\"main\",\"directory\":\"https://ca.test/\",\"key\":null,\"url\":null}]}",
        "{\"accounts\":[{\"issuer\":\"main\",\"directory\":\"/relative\",\"key\":\"k\",\"url\":null}]}",
        "{\"accounts\":[{\"issuer\":\"main\",\"directory\":\"file:///etc/passwd\",\"key\":\"k\",\"url\":null}]}",
        "{\"orders\":[{\"secret\":\"noslash\",\"issuer\":\"main\",\"hosts\":[],\"key\":\"k\",\"began\":\"2026-03-01T12:00:00Z\"}]}",
        "{\"orders\":[{\"secret\":\"a/b\",\"issuer\":\"main\",\"hosts\":[1],\"key\":\"k\",\"began\":\"2026-03-01T12:00:00Z\"}]}",
        "{\"orders\":[{\"secret\":\"a/b\",\"issuer\":\"main\",\"hosts\":[null],\"key\":\"k\",\"began\":\"2026-03-01T12:00:00Z\"}]}",
        "{\"orders\":[{\"secret\":\"a/b\",\"issuer\":\"main\",\"hosts\":[],\"key\":\"k\",\"began\":\"yesterday\"}]}",
        "{\"orders\":[{\"secret\":\"a/b\",\"issuer\":\"main\",\"hosts\":[],\"key\":\"k\",\"began\":\"2026-03-01T12:00:00Z\",\"challenge\":1}]}",
        "{\"orders\":[{\"secret\":\"a/b\",\"issuer\":\"main\",\"hosts\":[],\"key\":\"k\",\"began\":\"2026-03-01T12:00:00Z\",\"challenge\":\"carrier pigeon\"}]}",
        "{\"failures\":[{\"host\":\"d.test\",\"count\":99999999999,\"nextTry\":\"2026-03-01T12:00:00Z\",\"cause\":\"\"}]}",
        new string('[', 1000),
    ];

    [Fact]
    public void What_is_written_is_read_again()
    {
        Assert.Equal(Full, AcmeState.Read(Full.ToSecret(Place), out var problem));
        Assert.Null(problem);
        Assert.Equal(AcmeState.Empty, AcmeState.Read(AcmeState.Empty.ToSecret(Place), out problem));
        Assert.Null(problem);
    }

    [Fact]
    public void The_same_state_is_the_same_secret() => Assert.Equal(Full.ToSecret(Place), AcmeState.Read(Full.ToSecret(Place), out _).ToSecret(Place));

    [Fact]
    public void Challenges_are_called_what_authorities_call_them() =>
        Assert.Contains("\"challenge\":\"tls-alpn-01\"", Encoding.UTF8.GetString(Full.ToSecret(Place).Data.GetValueOrDefault("state.json").AsSpan()), StringComparison.Ordinal);

    [Fact]
    public void Where_there_is_no_secret_or_nothing_in_it_the_state_is_empty()
    {
        Assert.Same(AcmeState.Empty, AcmeState.Read(null, out var problem));
        Assert.Null(problem);
        Assert.Same(AcmeState.Empty, AcmeState.Read(new(Place, "Opaque", default), out problem));
        Assert.Null(problem);
    }

    [Theory]
    [MemberData(nameof(Broken))]
    public void What_cannot_be_read_is_empty_and_a_problem_with_a_cure(string json)
    {
        Assert.Same(AcmeState.Empty, AcmeState.Read(Of(Encoding.UTF8.GetBytes(json)), out var problem));
        Assert.StartsWith("error AcmeStateUnreadable: Secret ingress/controller-acme data[state.json]: the accounts and orders of ACME cannot be read", problem!.ToString(), StringComparison.Ordinal);
        Assert.NotEmpty(problem.Cure);
    }

    [Fact]
    public void Members_of_a_later_version_are_passed_over()
    {
        Assert.Equal(AcmeState.Empty, AcmeState.Read(Of("{\"later\":[{\"x\":1}]}"u8), out var problem));
        Assert.Null(problem);
    }

    [Fact]
    public void Whatever_byte_is_damaged_nothing_is_thrown_and_no_key_is_told()
    {
        var json = Full.ToSecret(Place).Data.GetValueOrDefault("state.json").ToArray();
        for (var place = 0; place < json.Length; place++)
        {
            foreach (var damage in (byte[])[0, (byte)'"', (byte)'}', 0x80, 0xFF])
            {
                var damaged = json.ToArray();
                damaged[place] = damage;
                AcmeState.Read(Of(damaged), out var problem);
                Assert.DoesNotContain("the key", problem?.Message ?? "", StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void No_record_prints_a_key() => Assert.DoesNotContain("key", $"{Full.Accounts} {Full.Orders} {Full}", StringComparison.Ordinal);

    private static Secret Of(ReadOnlySpan<byte> json) =>
        new(Place, "Opaque", new Dictionary<string, EquatableArray<byte>> { ["state.json"] = EquatableArray.Create(json) }.ToEquatableMap());
}
