using System.Collections.Immutable;
using System.Text.Json;
using IngressController.App.Cli;
using IngressController.Proxy.AccessLog;
using IngressController.Proxy.Observing;

namespace IngressController.Unit.Proxy.AccessLog;

public sealed class TemplateTests
{
    private static readonly TimeZoneInfo Newfoundland = TimeZoneInfo.CreateCustomTimeZone("x", new TimeSpan(-3, -30, 0), "x", "x");

    [Theory]
    [InlineData("$remote_addr $status ${request_time}ms \"$http_user_agent\"", "2001:db8::1 200 0.003ms \"curl\"")]
    [InlineData("$request", "GET /a?b=c&d=+ HTTP/1.1")]
    [InlineData("[$time_local] $time_iso8601 $msec", "[03/Nov/2026:10:00:00 +0000] 2026-11-03T10:00:00+00:00 1793700000.123")]
    [InlineData("$request_method $scheme $host $http_host $path $args $request_uri $server_protocol", "GET https shop.test Shop.test:8443 /a b=c&d=+ /a?b=c&d=+ HTTP/1.1")]
    [InlineData("$body_bytes_sent $request_length", "512 107")]
    [InlineData("[$proxy_upstream_name] [$proxy_alternative_upstream_name] $namespace $ingress_name $service_name $service_port", "[shop-web-80] [] shop web web 80")]
    [InlineData("$ingress $service $tries $reason $trace_id $req_id $request_id", "shop/web shop/web:80 1 - - id id")]
    [InlineData("$upstream_addr $upstream_response_length $upstream_response_time $upstream_status", "10.1.2.3:8080 512 0.002 200")]
    [InlineData("$status$status-${status}x", "200200-200x")]
    [InlineData("$remote_user|$http_referer", "-|-")]
    [InlineData("escape=json;$remote_user|$http_referer", "|")]
    [InlineData("escape=default;$status", "200")]
    [InlineData("größer $status", "größer 200")]
    public void Variables_have_nginx_s_meaning(string template, string expected) => Assert.Equal(expected, Logged.As(template, Logged.Usual));

    [Fact]
    public void Local_times_are_those_of_the_machine()
    {
        Assert.Equal(
            "03/Nov/2026:06:30:00 -0330 2026-11-03T06:30:00-03:30 1793700000.123", Logged.As("$time_local $time_iso8601 $msec", Logged.Usual, Newfoundland));
    }

    [Fact]
    public void A_connection_that_was_passed_through_has_no_request()
    {
        Assert.Equal("- - - - 200 10.1.2.3:443 -", Logged.As("$request $request_method $scheme $req_id $status $upstream_addr $upstream_status", Logged.Passed));
    }

    [Theory]
    [InlineData("$protocol $server_protocol $http_host $bytes_sent $bytes_received $session_time $status", "TCP TCP :5432 512 7 0.003 200")]
    [InlineData("$request $request_method $request_uri $scheme $host $ingress $namespace $req_id $http_user_agent", "- - - - - - - - -")]
    [InlineData("$proxy_upstream_name $service $service_name $service_port $upstream_addr $upstream_status $tries", "tcp-shop-db-sql shop/db:sql db sql 10.1.2.3:5432 - 1")]
    public void A_session_has_what_nginx_s_stream_module_knows_and_no_request(string template, string expected) => Assert.Equal(expected, Logged.As(template, Logged.Session));

    [Fact]
    public void A_session_has_the_line_of_ingress_nginx_s_stream_format() => Assert.Equal(
        "[2001:db8::1] [03/Nov/2026:10:00:00 +0000] TCP 200 512 7 0.003", Logged.As(AccessLogFormat.Nginx, Logged.Session));

    [Fact]
    public void What_only_sessions_have_is_not_there_for_requests() =>
        Assert.Equal("- - - -", Logged.As("$protocol $bytes_sent $bytes_received $session_time", Logged.Usual));

    [Fact]
    public void What_was_refused_before_it_was_a_request_has_the_form_of_nginx_s_line()
    {
        var refused = new RequestRecord { Time = Logged.Usual.Time, Client = Logged.Usual.Client, Status = 400, Reason = "MalformedRequest" };
        Assert.Equal(
            "2001:db8::1 - - [03/Nov/2026:10:00:00 +0000] \"-\" 400 0 \"-\" \"-\" 0 0.000 [] [] - - - - -", Logged.As(AccessLogFormat.Nginx, refused));
    }

    [Theory]
    [InlineData("", "", "NoRoute", "upstream-default-backend")]
    [InlineData("", "default/fallback:80", "", "upstream-default-backend")]
    [InlineData("", "", "MalformedTarget", "")]
    [InlineData("shop/web", "", "ResourceBackend", "")]
    [InlineData("shop/web", "shop/a-b:http", "", "shop-a-b-http")]
    public void An_upstream_has_ingress_nginx_s_name(string ingress, string service, string reason, string name) =>
        Assert.Equal(name, Logged.As("$proxy_upstream_name", Logged.Usual with { Ingress = ingress, Service = service, Reason = reason }));

    [Theory]
    [InlineData("console")]
    [InlineData("json")]
    [InlineData("nginx")]
    public void A_line_allocates_nothing(string name)
    {
        Assert.Null(AccessLogFormat.Read(name, Suggestion.For, out var format));
        var line = new LineBuffer(TimeZoneInfo.Utc, LineBuffer.BatchSize);
        format.Lines!.Write(Logged.Usual, line);
        line.Clear();
        var before = GC.GetAllocatedBytesForCurrentThread();
        format.Lines.Write(Logged.Usual, line);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Theory]
    [InlineData("ConnectFailed", "502")]
    [InlineData("TlsFailed", "502")]
    [InlineData("BrokenResponse", "502")]
    [InlineData("ConnectTimeout", "504")]
    [InlineData("ResponseTimeout", "504")]
    [InlineData("IdleTimeout", "504")]
    [InlineData("ClientClosed", "-")]
    [InlineData("BrokenRequestBody", "-")]
    [InlineData("BodyTimeout", "-")]
    public void A_try_without_an_answer_has_the_status_that_nginx_gives_it(string failure, string status)
    {
        var failed = new UpstreamTry("10.1.2.3:80", 0, 0, TimeSpan.FromSeconds(1)) { Failure = failure };
        Assert.Equal($"{status}, 200", Logged.As("$upstream_status", Logged.Usual with { Earlier = [failed] }));
        Assert.Equal("206", Logged.As("$upstream_status", Logged.Usual with { Last = failed with { Status = 206 } })); // it broke later
    }

    [Fact]
    public void Without_a_destination_there_is_nothing_upstream()
    {
        var answered = Logged.Usual with { Last = UpstreamTry.None, Earlier = ImmutableArray<UpstreamTry>.Empty };
        Assert.Equal("- - - - 0", Logged.As("$upstream_addr $upstream_response_length $upstream_response_time $upstream_status $tries", answered));
    }

    [Theory]
    [InlineData("HTTP/2", "HTTP/2.0")]
    [InlineData("HTTP/3", "HTTP/3.0")]
    [InlineData("HTTP/1.0", "HTTP/1.0")]
    public void Protocols_have_nginx_s_names(string protocol, string expected) =>
        Assert.Equal(expected, Logged.As("$server_protocol", Logged.Usual with { Protocol = protocol }));

    [Theory]
    [InlineData("[2001:db8::1]:8080", "[2001:db8::1]")]
    [InlineData("[2001:db8::1]", "[2001:db8::1]")]
    [InlineData("a.test:1", "a.test")]
    [InlineData("", "-")]
    public void A_host_is_without_its_port(string host, string expected) => Assert.Equal(expected, Logged.As("$host", Logged.Usual with { Host = host }));

    [Fact]
    public void JSON_of_a_template_is_JSON_whatever_clients_send()
    {
        var hostile = Logged.Usual with { UserAgent = "\"\\\u0000\r\n\t\b\f\u001b\u007f\u0085\u00e9\u2028", Referer = "\"," };
        var line = Logged.As("""escape=json;{"agent":"$http_user_agent","referer":"$http_referer","user":"$remote_user"}""", hostile);
        Assert.All(line, character => Assert.InRange(character, ' ', '~'));
        using var json = JsonDocument.Parse(line);
        Assert.Equal(hostile.UserAgent, json.RootElement.GetProperty("agent").GetString());
        Assert.Equal("\",", json.RootElement.GetProperty("referer").GetString());
        Assert.Equal("", json.RootElement.GetProperty("user").GetString());
    }

    [Theory]
    [InlineData("jsn", "is not off, console, json, nginx or a template with $variables; did you mean json?")]
    [InlineData("", "is not off, console, json, nginx or a template with $variables")]
    [InlineData("JSON", "is not off, console, json, nginx or a template with $variables; did you mean json?")]
    [InlineData("$remote_adr", "has the variable $remote_adr, which there is not; did you mean $remote_addr? (docs/access-log.md lists all)")]
    [InlineData("${STATUS}", "has the variable $STATUS, which there is not; did you mean $status? (docs/access-log.md lists all)")]
    [InlineData("$http_authorization", "has the variable $http_authorization, which there is not (docs/access-log.md lists all)")]
    [InlineData("$http_cookie $status", "has the variable $http_cookie, which there is not (docs/access-log.md lists all)")]
    [InlineData("$status $", "has a $ without a variable's name after it")]
    [InlineData("$$status", "has a $ without a variable's name after it")]
    [InlineData("costs 5 $.", "has a $ without a variable's name after it")]
    [InlineData("${status", "has a ${ that is not ${name}")]
    [InlineData("${}", "has a ${ that is not ${name}")]
    [InlineData("${status }", "has a ${ that is not ${name}")]
    [InlineData("$status\n$status", "has a control character in it; a request is one line")]
    [InlineData("escape=none;$status", "begins with escape=, but not with escape=json; or escape=default; (without escaping, clients could write lines of their own)")]
    [InlineData("escape=json $status", "begins with escape=, but not with escape=json; or escape=default; (without escaping, clients could write lines of their own)")]
    public void What_is_no_template_is_told(string text, string wrong)
    {
        Assert.Equal(wrong, AccessLogFormat.Read(text, Suggestion.For, out var format));
        Assert.Same(AccessLogFormat.Off, format);
    }

    [Fact]
    public void Only_a_format_that_shows_the_user_or_the_length_has_them_looked_up()
    {
        Assert.True(AccessLogFormat.Nginx is { ShowsUser: true, ShowsHeadBytes: true });
        Assert.True(AccessLogFormat.Json is { ShowsUser: false, ShowsHeadBytes: false });
        Assert.Null(AccessLogFormat.Read("$status $remote_user", Suggestion.For, out var template));
        Assert.True(template is { ShowsUser: true, ShowsHeadBytes: false });
    }
}
