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
    [InlineData("/a;jsessionid=x", "/a;jsessionid=***")]
    [InlineData("/a;JSESSIONID=x;b=c/d;pin=y/e?f=g&key=z", "/a;JSESSIONID=***;b=c/d;pin=***/e?f=g&key=***")]
    [InlineData("https://b;key=c:d;pin=e@a.test/;sid=x", "https://b;key=c:***@a.test/;sid=***")]
    [InlineData("/r;token=x/http://u:p@h/;sid=y", "/r;token=***/http://u:***@h/;sid=***")]
    [InlineData("/r;token=x/http://h/a", "/r;token=***/http://h/a")]
    [InlineData("/r/http://h/a;token=x", "/r/http://h/a;token=***")]
    public void Secrets_are_hidden(string text, string shown) => Assert.Equal(shown, SecretParameters.Hide(text));

    [Fact]
    public void Names_of_secrets_are_known_by_how_they_end()
    {
        const string names =
            """
            accesskey accesstoken apikey apitoken assertion auth authcode authkey authorization authtoken bearer bearertoken clientassertion clientsecret code codeverifier credential
            credentials csrf csrftoken devicecode hmac idtoken idtokenhint jwt key magic newpassword oauthtoken oauthverifier oldpassword otp pass passcode passphrase passwd password
            passwordconfirmation pin privatekey privatetoken pwd refreshtoken resettoken samlresponse secret secretkey securitytoken session sessionid sessionkey sessiontoken sid sig
            sign signature subscriptionkey ticket token totp usertoken verificationcode verifier webhooksecret xamzcredential xamzsecuritytoken xamzsignature xapikey xgoogcredential
            xgoogsignature
            user_password userPassword authenticity_token csrfmiddlewaretoken __RequestVerificationToken reset_password_token confirmation_token aws_secret_access_key api_secret
            consumer_secret deploy_token bot_token verify_token PHPSESSID jsessionid JSESSIONID connect.sid otp_code otpCode OTPCode otp_code_1 SAMLRequest encryption_key ssh_key
            password1 password_2 sId userPIN user-pin USERPin user+pin %5f%70in form[password][first] form%5BplainPassword%5D%5Bsecond%5D token[0][value] password[] _wpnonce
            x-csrf-token XSRF-TOKEN id_token_hint card.pin. loginHash 2fa_code userpass creds dbCreds passwordhash user_pw userPw pw
            """;
        Assert.All(names.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries), name => Assert.Equal($"/a?{name}=***", SecretParameters.Hide($"/a?{name}=x")));
    }

    [Fact]
    public void Names_that_only_look_so_are_none()
    {
        const string names =
            """
            page size sort q id lang limit offset from to utm_source tokens max_tokens keyboard keyword barcode zipcode unicode design assign spin shipping inside compass bypass
            passenger secretary signal author oauth authors hashtag sessions 1 123 page2 p1n side signup token_type keys[] a.b.c [x] passed pinned
            """;
        Assert.All(names.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries), name => Assert.Equal($"/a?{name}=x", SecretParameters.Hide($"/a?{name}=x")));
    }

    [Theory]
    [InlineData("/token=x")]
    [InlineData("/a;b=c/d;token;=x")]
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
        var record = Logged.Usual with { Path = "/b;jsessionid=hushhushhushhush/a?key=hush", Target = "http://b:hush@c/a?key=hush", Referer = "http://d/?sig=hush" };
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
