using IngressController.Proxy.AccessLog;
using IngressController.Proxy.Observing;

namespace IngressController.Unit.Proxy.AccessLog;

public sealed class SecretTests
{
    [Theory]
    [InlineData("/a?token=x", "/a?token=***")]
    [InlineData("/a?b=c&access_token=x&d=e", "/a?b=c&access_token=***&d=e")]
    [InlineData("/a?X-Amz-Signature=x&X-Amz-Credential=y;Key=z", "/a?X-Amz-Signature=***&X-Amz-Credential=***;Key=***")]
    [InlineData("/a?user[password]=x&user.pin=y&password[]=z&user%5bpassword%5D=w", "/a?user[password]=***&user.pin=***&password[]=***&user%5bpassword%5D=***")]
    [InlineData("/a?%74oken=x", "/a?%74oken=***")]
    [InlineData("/a?token[0]=x&pass=y", "/a?token[0]=***&pass=***")]
    [InlineData("/a?token=x=y?z", "/a?token=***")]
    [InlineData("/a?token=x&token=y", "/a?token=***&token=***")]
    [InlineData("https://a.test/b?code=x", "https://a.test/b?code=***")]
    [InlineData("https://user:word@a.test/b?c=d", "https://user:***@a.test/b?c=d")]
    [InlineData("https://token@a.test", "https://***@a.test")]
    public void Secrets_are_hidden(string text, string shown) => Assert.Equal(shown, SecretParameters.Hide(text));

    [Theory]
    [InlineData("/token=x")]
    [InlineData("/a?")]
    [InlineData("/a?token")]
    [InlineData("/a?token=")]
    [InlineData("/a?&&;=x&=&")]
    [InlineData("/a?tokens=1&keyboard=us&barcode=2&page=3&q=token=x")]
    [InlineData("/a?%=1&%zz=2&a%=3&%7=4")]
    [InlineData("/@user/a:b@c?d=e")]
    [InlineData("https://a.test/@user")]
    [InlineData("")]
    public void What_is_no_secret_stays_and_costs_nothing(string text) => Assert.Same(text, SecretParameters.Hide(text));

    [Fact]
    public void A_name_that_is_too_long_to_be_one_hides_its_value() =>
        Assert.Equal("/a?" + new string('n', 1000) + "=***", SecretParameters.Hide("/a?" + new string('n', 1000) + "=x"));

    [Theory]
    [InlineData("console")]
    [InlineData("json")]
    [InlineData("nginx")]
    [InlineData("$request $request_uri $args $http_referer $path")]
    public void No_format_shows_them(string format)
    {
        Assert.Null(AccessLogFormat.Read(format, (_, _) => "", out var lines));
        var record = Logged.Usual with { Path = "/a?key=hush", Target = "http://b:hush@c/a?key=hush", Referer = "http://d/?sig=hush" };
        var line = Logged.As(lines, record);
        Assert.Contains("key=***", line, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Basic YWxpY2U6c2VjcmV0", "alice")]
    [InlineData("bASIC   YWxpY2U6c2VjcmV0 ", "alice")]
    [InlineData("Basic YTrpOg==", "a")]
    [InlineData("Basic c2stbGl2ZTo=", "***")] // sk-live and no password
    [InlineData("Basic Z2hwOngtb2F1dGgtYmFzaWM=", "***")] // ghp:x-oauth-basic
    [InlineData("Basic OnNlY3JldA==", "")]
    [InlineData("Basic YWxpY2U=", "")]
    [InlineData("Basic ****", "")]
    [InlineData("Basic ", "")]
    [InlineData("Basic", "")]
    [InlineData("Bearer YWxpY2U6c2VjcmV0", "")]
    public void Of_credentials_the_name_is_shown_at_most(string authorization, string user) => Assert.Equal(user, BasicUser.Of(authorization));

    [Fact]
    public void Credentials_of_any_length_are_none() => Assert.Equal("", BasicUser.Of("Basic " + new string('A', 100_000)));
}
