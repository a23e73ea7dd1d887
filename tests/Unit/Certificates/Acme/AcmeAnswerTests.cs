using System.Text;
using IngressController.Certificates.Acme.Protocol;

namespace IngressController.Unit.Certificates.Acme;

public sealed class AcmeAnswerTests
{
    [Theory]
    [InlineData("<https://ca.example/next>;rel=\"next\"", "next https://ca.example/next")]
    [InlineData("<https://ca.example/1>; rel=alternate", "alternate https://ca.example/1")]
    [InlineData("<https://ca.example/1> ; title=\"a, <b>\" ; rel = \"up Alternate\"", "up https://ca.example/1|alternate https://ca.example/1")]
    [InlineData("<https://ca.example/1>;rel=\"alternate\", <https://ca.example/2>;rel=\"alternate\"", "alternate https://ca.example/1|alternate https://ca.example/2")]
    [InlineData("<https://ca.example/1>", "")]
    [InlineData("nonsense; rel=next", "")]
    [InlineData("<;rel=next", "")]
    [InlineData("", "")]
    public void Links_are_read_as_RFC_8288_has_them(string header, string expected) =>
        Assert.Equal(expected, string.Join('|', Links.Parse(header).Select(link => $"{link.Relation} {link.Target}")));

    [Fact]
    public void A_problem_is_told_whole_in_the_words_of_the_authority()
    {
        var refusal = Refusal(403, """
            {
              "type": "urn:ietf:params:acme:error:rejectedIdentifier", "detail": "Some names were\nrefused", "status": 400,
              "subproblems": [
                { "type": "urn:ietf:params:acme:error:caa", "detail": "CAA forbids", "identifier": { "type": "dns", "value": "a.example" } },
                { "type": "https://ca.example/errors/7", "identifier": { "type": "dns", "value": "b.example" } },
                7
              ]
            }
            """);
        Assert.Equal("ca.example refuses the new order: Some names were refused (rejectedIdentifier); a.example: CAA forbids (caa); b.example: https://ca.example/errors/7; about:blank", refusal.Message);
        Assert.Equal((403, "caa", "a.example"), (refusal.Problem!.Status, refusal.Problem.Subproblems[0].Type, refusal.Problem.Subproblems[0].Host));
        Assert.True(refusal.Is("rejectedIdentifier") && !refusal.IsUnavailable);
    }

    [Fact]
    public void Where_somebody_has_to_agree_to_something_the_address_is_told()
    {
        const string body = """{"type":"urn:ietf:params:acme:error:userActionRequired","detail":"Terms have changed","instance":"https://ca.example/terms/7"}""";
        Assert.EndsWith("Terms have changed (https://ca.example/terms/7) (userActionRequired)", Refusal(403, body).Message, StringComparison.Ordinal);
        Assert.DoesNotContain("terms/7", Refusal(403, body.Replace("userActionRequired", "caa", StringComparison.Ordinal)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(404, "", true, null)]
    [InlineData(403, "<html>", true, null)]
    [InlineData(403, "[]", true, null)]
    [InlineData(403, "{}", true, null)]
    [InlineData(403, """{"detail":7,"type":{},"subproblems":"none","status":"x","identifier":[]}""", false, "about:blank")]
    [InlineData(403, """{"detail":null,"type":null}""", false, "about:blank")]
    [InlineData(429, "<html>slow down</html>", false, "rateLimited")]
    [InlineData(500, """{"type":"urn:ietf:params:acme:error:serverInternal"}""", true, "serverInternal")]
    [InlineData(503, """{"type":"urn:ietf:params:acme:error:rateLimited"}""", true, "rateLimited")]
    public void A_refusal_of_any_form_is_a_refusal(int status, string body, bool isUnavailable, string? type)
    {
        var refusal = Refusal(status, body);
        Assert.Equal((isUnavailable, type), (refusal.IsUnavailable, refusal.Problem?.Type));
        Assert.StartsWith("ca.example refuses the new order: ", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Words_of_others_are_one_line_of_bounded_length()
    {
        Assert.Equal("a b c d", OneLine.Of("\r\n a\tb\u001b\u202e\u2028c\ud83d \u0000 d \n"));
        Assert.Equal("größer", OneLine.Of("größer"));
        var cut = OneLine.Of(new string('x', 100_000));
        Assert.Equal((500, '…'), (cut.Length, cut[^1]));
        Assert.Equal("", OneLine.Of(new string('\n', 100_000)));
    }

    [Theory]
    [InlineData("https://ca.example/a", true)]
    [InlineData("https://CA.example:443/a", true)]
    [InlineData("http://ca.example/a", false)]
    [InlineData("https://ca.example:444/a", false)]
    [InlineData("https://ca.example@evil.example/a", false)]
    [InlineData("https://user@ca.example/a", false)]
    [InlineData("https://ca.example.evil.example/a", false)]
    [InlineData("ftp://ca.example/a", false)]
    public void Only_what_is_of_the_authority_is_asked(string url, bool isAsked) => Assert.Equal(isAsked, Answer.IsOf(new("https://ca.example/directory"), new(url)));

    private static AcmeException Refusal(int status, string body) =>
        new Answer(new("https://ca.example/new-order"), "the new order", status, "application/problem+json", Encoding.UTF8.GetBytes(body)).Refusal();
}
