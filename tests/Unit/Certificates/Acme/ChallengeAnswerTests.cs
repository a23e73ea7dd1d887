using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using IngressController.Certificates.Acme;
using IngressController.Certificates.Acme.Challenges;
using IngressController.Certificates.Acme.Protocol;
using IngressController.Cluster;
using IngressController.Cluster.Resources;
using IngressController.Testing;

namespace IngressController.Unit.Certificates.Acme;

public sealed class ChallengeAnswerTests : IDisposable
{
    private static readonly Uri Directory = new("https://ca.test/directory");
    private static readonly Metadata Place = new("ingress", "controller-acme");

    private readonly AccountKey key = AccountKey.Create();
    private readonly AccountKey otherKey = AccountKey.Create();
    private readonly ChallengeAnswers answers = new(new ManualClock());

    public void Dispose()
    {
        key.Dispose();
        otherKey.Dispose();
    }

    [Fact]
    public void Nothing_is_answered_before_there_is_a_state()
    {
        answers.Apply(null);
        Assert.Null(answers.KeyAuthorization("a.test", "token"));
        Assert.Null(answers.Certificate("a.test"));
        Assert.Empty(answers.Problems);
    }

    [Fact]
    public void A_token_of_a_pending_order_is_answered_for_its_hosts_and_no_others()
    {
        Apply(Order(ChallengeKind.Http01, ["a.test", "b.test"], new ChallengeToken("a.test", "tok-1")));
        Assert.Equal($"tok-1.{key.Thumbprint}", answers.KeyAuthorization("a.test", "tok-1"));
        Assert.Equal($"tok-1.{key.Thumbprint}", answers.KeyAuthorization("A.Test", "tok-1"));
        Assert.Null(answers.KeyAuthorization("c.test", "tok-1"));
        Assert.Null(answers.KeyAuthorization("sub.a.test", "tok-1"));
        Assert.Null(answers.Certificate("a.test"));
    }

    [Fact]
    public void A_token_that_is_not_in_the_news_yet_is_answered_too()
    {
        Apply(Order(ChallengeKind.Http01, ["a.test"]));
        Assert.Equal($"tok-2.{key.Thumbprint}", answers.KeyAuthorization("a.test", "tok-2"));
    }

    [Fact]
    public void With_orders_of_two_issuers_for_a_host_the_token_decides()
    {
        Apply(
            Order(ChallengeKind.Http01, ["a.test"], new ChallengeToken("a.test", "mine")),
            Order(ChallengeKind.Http01, ["a.test"], new ChallengeToken("a.test", "other")) with { Issuer = "other" });
        Assert.Equal($"mine.{key.Thumbprint}", answers.KeyAuthorization("a.test", "mine"));
        Assert.Equal($"other.{otherKey.Thumbprint}", answers.KeyAuthorization("a.test", "other"));
        Assert.Null(answers.KeyAuthorization("a.test", "unknown"));
    }

    [Fact]
    public void Of_two_accounts_under_one_name_the_one_counts_that_is_at_the_authority_with_the_order()
    {
        var order = Order(ChallengeKind.Http01, ["a.test"]) with { Url = new("https://old.test/order/1") };
        var accounts = new AccountRecord[] { new("main", new("https://new.test/directory"), otherKey.Pem, null), new("main", new("https://old.test/directory"), key.Pem, null) };
        foreach (var inOrder in new[] { accounts, [.. accounts.Reverse()] })
        {
            answers.Apply(new AcmeState { Accounts = inOrder.ToEquatableArray(), Orders = [order] }.ToSecret(Place));
            Assert.Equal($"x.{key.Thumbprint}", answers.KeyAuthorization("a.test", "x"));
        }
    }

    [Fact]
    public void What_is_proven_by_the_dns_is_not_answered_here()
    {
        Apply(Order(ChallengeKind.Dns01, ["a.test", "*.a.test"], new ChallengeToken("a.test", "tok")));
        Assert.Null(answers.KeyAuthorization("a.test", "tok"));
        Assert.Null(answers.Certificate("a.test"));
    }

    [Fact]
    public void Answers_end_with_the_order()
    {
        Apply(Order(ChallengeKind.Http01, ["a.test"]), Order(ChallengeKind.TlsAlpn01, ["b.test"], new ChallengeToken("b.test", "tok")));
        Assert.NotNull(answers.KeyAuthorization("a.test", "tok"));
        Assert.NotNull(answers.Certificate("b.test"));
        Apply();
        Assert.Null(answers.KeyAuthorization("a.test", "tok"));
        Assert.Null(answers.Certificate("b.test"));
    }

    [Fact]
    public void A_handshake_is_shown_the_digest_as_a_critical_extension_and_the_host_as_the_only_name()
    {
        Apply(Order(ChallengeKind.TlsAlpn01, ["a.test"], new ChallengeToken("a.test", "tok")));
        var shown = answers.Certificate("A.test")!.TargetCertificate;
        Assert.Equal(["a.test"], shown.Extensions.OfType<X509SubjectAlternativeNameExtension>().Single().EnumerateDnsNames());
        var identifier = shown.Extensions.Single(extension => extension.Oid!.Value == "1.3.6.1.5.5.7.1.31");
        Assert.True(identifier.Critical);
        Assert.Equal(SHA256.HashData(Encoding.ASCII.GetBytes($"tok.{key.Thumbprint}")), AsnDecoder.ReadOctetString(identifier.RawData, AsnEncodingRules.DER, out var length));
        Assert.Equal(identifier.RawData.Length, length);
        Assert.Equal(shown.Issuer, shown.Subject);
        Assert.True(shown.HasPrivateKey);
        Assert.Null(answers.KeyAuthorization("a.test", "tok"));
    }

    [Fact]
    public void A_certificate_stays_the_same_until_something_else_is_asked()
    {
        var order = Order(ChallengeKind.TlsAlpn01, ["a.test"], new ChallengeToken("a.test", "tok"));
        Apply(order);
        var shown = answers.Certificate("a.test");
        Apply(order, Order(ChallengeKind.Http01, ["b.test"]));
        Assert.Same(shown, answers.Certificate("a.test"));
        Apply(Order(ChallengeKind.TlsAlpn01, ["a.test"], new ChallengeToken("a.test", "another")));
        Assert.NotSame(shown, answers.Certificate("a.test"));
    }

    [Fact]
    public void Without_a_token_there_is_nothing_to_show_in_a_handshake()
    {
        Apply(Order(ChallengeKind.TlsAlpn01, ["a.test"]));
        Assert.Null(answers.Certificate("a.test"));
    }

    [Fact]
    public void Of_two_orders_for_a_host_the_older_one_is_shown_in_handshakes()
    {
        var old = Order(ChallengeKind.TlsAlpn01, ["a.test"], new ChallengeToken("a.test", "old"));
        var young = Order(ChallengeKind.TlsAlpn01, ["a.test"], new ChallengeToken("a.test", "young")) with { Began = old.Began.AddSeconds(1) };
        Apply(old);
        var shown = answers.Certificate("a.test");
        Apply(young, old);
        Assert.Same(shown, answers.Certificate("a.test"));
    }

    [Fact]
    public void A_key_that_is_none_is_a_problem_and_costs_only_its_own_orders()
    {
        var state = new AcmeState
        {
            Accounts = [new("main", Directory, "no key", null), new("other", Directory, otherKey.Pem, null)],
            Orders = [Order(ChallengeKind.Http01, ["a.test"]), Order(ChallengeKind.Http01, ["b.test"]) with { Issuer = "other" }, Order(ChallengeKind.Http01, ["c.test"]) with { Issuer = "unknown" }],
        };
        answers.Apply(state.ToSecret(Place));
        Assert.Null(answers.KeyAuthorization("a.test", "x"));
        Assert.Equal($"x.{otherKey.Thumbprint}", answers.KeyAuthorization("b.test", "x"));
        Assert.Null(answers.KeyAuthorization("c.test", "x"));
        var problem = Assert.Single(answers.Problems);
        Assert.Equal(ProblemCode.AcmeStateUnreadable, problem.Code);
        Assert.Contains("the key of the account of main at https://ca.test/directory is none", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_state_that_cannot_be_read_answers_nothing_and_is_a_problem_until_it_is_cured()
    {
        answers.Apply(new(Place, "Opaque", new Dictionary<string, EquatableArray<byte>> { ["state.json"] = [1, 2, 3] }.ToEquatableMap()));
        Assert.Equal(ProblemCode.AcmeStateUnreadable, Assert.Single(answers.Problems).Code);
        Apply(Order(ChallengeKind.Http01, ["a.test"]));
        Assert.Empty(answers.Problems);
        Assert.NotNull(answers.KeyAuthorization("a.test", "x"));
    }

    private static OrderRecord Order(ChallengeKind kind, EquatableArray<string> hosts, params EquatableArray<ChallengeToken> tokens) =>
        new(new("shop", "web"), "main", hosts, "its key", DateTimeOffset.UnixEpoch) { Challenge = kind, Tokens = tokens, Url = new("https://ca.test/order/1") };

    private void Apply(params EquatableArray<OrderRecord> orders)
    {
        var state = new AcmeState { Accounts = [new("main", Directory, key.Pem, null), new("other", Directory, otherKey.Pem, null)], Orders = orders };
        answers.Apply(state.ToSecret(Place));
    }
}
