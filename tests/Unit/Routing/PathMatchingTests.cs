using IngressController.Testing;

namespace IngressController.Unit.Routing;

public sealed class PathMatchingTests
{
    private const string Host = "shop.example.com";

    /// <summary>The examples of the Kubernetes documentation, all of them.</summary>
    [Theory]
    [InlineData("Prefix /", "/", "a")]
    [InlineData("Prefix /", "/any/path", "a")]
    [InlineData("Exact /foo", "/foo", "a")]
    [InlineData("Exact /foo", "/bar", "404")]
    [InlineData("Exact /foo", "/foo/", "404")]
    [InlineData("Exact /foo/", "/foo", "404")]
    [InlineData("Prefix /foo", "/foo", "a")]
    [InlineData("Prefix /foo", "/foo/", "a")]
    [InlineData("Prefix /foo/", "/foo", "a")]
    [InlineData("Prefix /foo/", "/foo/", "a")]
    [InlineData("Prefix /aaa/bb", "/aaa/bbb", "404")]
    [InlineData("Prefix /aaa/bbb", "/aaa/bbb", "a")]
    [InlineData("Prefix /aaa/bbb/", "/aaa/bbb", "a")]
    [InlineData("Prefix /aaa/bbb", "/aaa/bbb/", "a")]
    [InlineData("Prefix /aaa/bbb", "/aaa/bbb/ccc", "a")]
    [InlineData("Prefix /aaa/bbb", "/aaa/bbbxyz", "404")]
    [InlineData("Prefix / | Prefix /aaa", "/aaa/ccc", "b")]
    [InlineData("Prefix / | Prefix /aaa | Prefix /aaa/bbb", "/aaa/bbb", "c")]
    [InlineData("Prefix / | Prefix /aaa | Prefix /aaa/bbb", "/ccc", "a")]
    [InlineData("Prefix /aaa", "/ccc", "404")]
    [InlineData("Prefix /foo | Exact /foo", "/foo", "b")]
    public void The_documented_examples_hold(string paths, string target, string expected) => Expect(paths, target, expected);

    [Theory]
    [InlineData("Exact /foo", "/FOO", "404")]
    [InlineData("Prefix /foo", "/Foo/bar", "404")]
    [InlineData("Prefix /foo | Prefix /foo/", "/foo", "b")] // the longest matching path, says the API text
    [InlineData("Prefix /foo | Prefix /foo/", "/foo/x", "b")]
    [InlineData("Exact /foo | Prefix /foo/", "/foo", "a")]
    [InlineData("Exact /foo | Prefix /foo/", "/foo/", "b")]
    [InlineData("Exact /foo/ | Prefix /foo/", "/foo/", "a")]
    [InlineData("Exact /", "/", "a")]
    [InlineData("Exact /", "/x", "404")]
    [InlineData("Exact / | Prefix /", "/x", "b")]
    [InlineData("Exact /a/b | Prefix /a/b/c", "/a/b/c/d", "b")]
    [InlineData("ImplementationSpecific /foo", "/foo/bar", "a")]
    [InlineData("ImplementationSpecific /foo", "/foobar", "404")]
    [InlineData("ImplementationSpecific -", "/anything", "a")] // no path: everything
    [InlineData("Prefix /very/long/path/with/many/elements | Prefix /v", "/very/long", "404")]
    [InlineData("Prefix /a/b/c/d/e/f | Prefix /a", "/a/b/c/d/e/x/f", "b")]
    public void Precedence_is_by_elements_then_type_then_length(string paths, string target, string expected) => Expect(paths, target, expected);

    /// <summary>docs/paths.md, line by line.</summary>
    [Theory]
    [InlineData("Prefix /café", "/caf%C3%A9", "a")]
    [InlineData("Prefix /caf%C3%A9", "/caf%c3%a9/menu", "a")]
    [InlineData("Prefix /foo", "/f%6Fo", "a")]
    [InlineData("Exact /a b", "/a%20b", "a", true)]
    [InlineData("Prefix /foo", "//foo///bar", "a")]
    [InlineData("Exact /foo", "/foo//", "404")]
    [InlineData("Prefix /foo", "/bar/../foo", "a")]
    [InlineData("Prefix /foo", "/bar/%2e%2E/foo", "a")]
    [InlineData("Prefix /foo", "/./foo/./", "a")]
    [InlineData("Exact /foo/", "/foo/bar/..", "a")]
    [InlineData("Exact /.well-known/x", "/.well-known/x", "a")]
    [InlineData("Prefix /foo", "/...", "404")]
    [InlineData("Prefix /", "/../foo", "400")]
    [InlineData("Prefix /", "/a/../../foo", "400")]
    [InlineData("Prefix /", "/a//../foo", "400")]
    [InlineData("Prefix /", "/%zz", "400")]
    [InlineData("Prefix /", "/a%2", "400")]
    [InlineData("Prefix /", "/a%", "400")]
    [InlineData("Prefix /", "/a%00b", "400")]
    [InlineData("Prefix /", "/%FF%FE", "a")] // not UTF-8: stays encoded
    [InlineData("Prefix /100%", "/100%25", "a")]
    [InlineData("Prefix /a;v=1", "/a;v=1/b", "a")]
    [InlineData("Prefix /a", "/a;v=1", "404")]
    [InlineData("Prefix /foo", "/foo?x=/../..&y=%zz", "a")]
    [InlineData("Prefix /foo", "/foo#/../..", "400")]
    [InlineData("Prefix /foo", "http://other.example.com/foo?x", "a")]
    [InlineData("Exact /", "http://other.example.com", "a")]
    [InlineData("Exact /", "http://other.example.com?x=1", "a")]
    [InlineData("Prefix /", "*", "no path")]
    [InlineData("Prefix /", "other.example.com:443", "no path")]
    public void Targets_are_matched_in_their_normal_form(string paths, string target, string expected, bool spaced = false) =>
        Expect(spaced ? paths.Replace("a b", "a%20b", StringComparison.Ordinal) : paths, target, expected);

    [Theory]
    [InlineData("Prefix / | Prefix /admin", "/x%2Fy", "a")] // both readings lead to the same route
    [InlineData("Prefix / | Prefix /admin", "/%2Fadmin", "400")]
    [InlineData("Prefix / | Prefix /admin", "/%2fadmin/users", "400")]
    [InlineData("Prefix / | Prefix /admin", "/admin%2Fusers", "400")]
    [InlineData("Prefix / | Prefix /admin", "/admin/..%2Fpublic", "400")]
    [InlineData("Prefix / | Prefix /admin", "/x\\..\\admin", "400")]
    [InlineData("Prefix / | Prefix /admin", "/x%5C..%5Cadmin", "400")]
    [InlineData("Prefix / | Prefix /admin", "/x/..;/admin", "400")]
    [InlineData("Prefix / | Prefix /admin", "/x/..;v=1/admin", "400")]
    [InlineData("Prefix / | Prefix /admin", "/x/..;/y", "a")]
    [InlineData("Prefix / | Prefix /admin", "/..%2f..%2fetc", "400")]
    [InlineData("Prefix /api", "/api/queues/%2F/orders", "a")]
    [InlineData("Prefix /", "/@scope%2Fpackage", "a")]
    [InlineData("Prefix /a%2Fb", "/a%2fb/c", "400")]
    public void A_path_that_servers_read_in_two_ways_must_lead_to_one_route(string paths, string target, string expected) =>
        Expect(paths, target, expected);

    [Fact]
    public void A_path_of_8000_slashes_costs_no_more_than_the_deepest_rule()
    {
        var room = RoutingRoom.With(Make.Ingress("a").WithRule(Host, "Prefix /a", "Prefix /a/b/c"));
        Assert.Equal("a web:80", room.Answer(Host, "/a/b" + string.Concat(Enumerable.Repeat("/x", 4000))));
        Assert.Equal("404", room.Answer(Host, string.Concat(Enumerable.Repeat("/x", 4000))));
        Assert.Equal("404", room.Answer(Host, string.Concat(Enumerable.Repeat("/%78", 4000))));
    }

    /// <summary>Every path gets an Ingress of its own: a, b, c in the order in which they are written.</summary>
    private static void Expect(string paths, string target, string expected)
    {
        var ingresses = paths.Split(" | ").Select((path, index) => Make.Ingress($"{(char)('a' + index)}").WithRule(Host, path));
        var answer = RoutingRoom.With(ingresses).Answer(Host, target);
        Assert.Equal(expected, answer.Split(' ')[0] is { Length: 1 } name ? name : answer);
    }
}
