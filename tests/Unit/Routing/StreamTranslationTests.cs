using System.Globalization;
using IngressController.Cluster;
using IngressController.Cluster.Resources;
using IngressController.Routing.Model;
using IngressController.Routing.Translation;
using IngressController.Testing;

namespace IngressController.Unit.Routing;

public sealed class StreamTranslationTests
{
    private static readonly StreamKey Key = new(StreamProtocol.Tcp, 5432);

    private static readonly TranslationOptions Options = new()
    {
        TcpServices = new("default", "tcp"),
        UdpServices = new("default", "udp"),
        OwnPorts = [8080],
    };

    [Theory]
    [InlineData("default/db:5432", "5432", false, false)]
    [InlineData("default/db:sql", "sql", false, false)]
    [InlineData("default/db:5432:PROXY", "5432", true, false)]
    [InlineData("default/db:5432:PROXY:PROXY", "5432", true, true)]
    [InlineData("default/db:5432::PROXY", "5432", false, true)]
    public void An_entry_leads_to_the_endpoints_of_a_Service(string value, string port, bool reads, bool sends)
    {
        var room = Room(("5432", value));
        var named = port == "sql" ? new PortReference(port, 0) : new(null, 5432);
        Assert.Equal(new StreamService(Key, new("default", "tcp"), new("default", "db"), named, reads, sends, [new("10.0.0.1", 6000)]), room.Translation.Model.Streams[Key]);
        Assert.Empty(Problems(room));
    }

    [Theory]
    [InlineData("0", "default/db:5432")]
    [InlineData("65536", "default/db:5432")]
    [InlineData("05432", "default/db:5432")]
    [InlineData("http", "default/db:5432")]
    [InlineData("5432", "")]
    [InlineData("5432", "db:5432")]
    [InlineData("5432", "default/db")]
    [InlineData("5432", "default/db:")]
    [InlineData("5432", "default/db:0")]
    [InlineData("5432", "default/db:99999")]
    [InlineData("5432", "default/db:5432:proxy")]
    [InlineData("5432", "default/db:5432:PROXY:PROXY:PROXY")]
    [InlineData("5432", "a/b/c:5432")]
    [InlineData("5432", "Default/db:5432")]
    public void What_cannot_be_read_is_a_problem_and_opens_nothing(string key, string value)
    {
        var room = Room((key, value), ("7000", "default/db:sql"));
        Assert.Equal([7000], room.Translation.Model.Streams.Keys.Select(stream => stream.Port));
        Assert.Equal([ProblemCode.StreamEntryInvalid], Problems(room));
    }

    [Theory]
    [InlineData("8080", "default/db:5432", ProblemCode.StreamPortUnavailable, false)]
    [InlineData("5432", "default/none:5432", ProblemCode.ServiceNotFound, true)]
    [InlineData("5432", "default/db:1", ProblemCode.PortNotFound, true)]
    [InlineData("5432", "default/outside:80", ProblemCode.ExternalNameRefused, true)]
    [InlineData("5432", "default/empty:80", ProblemCode.NoEndpoints, true)]
    public void What_leads_nowhere_is_a_problem(string key, string value, ProblemCode code, bool isOpen)
    {
        var room = Room((key, value));
        Assert.Equal([code], Problems(room));
        Assert.Equal(isOpen ? 1 : 0, room.Translation.Model.Streams.Count);
        Assert.All(room.Translation.Model.Streams.Values, stream => Assert.True(stream.Destinations.IsEmpty));
    }

    [Fact]
    public void The_protocol_of_the_Service_port_must_be_that_of_the_entry()
    {
        var room = Room();
        room.Apply(Map("udp", ("53", "default/db:5432"), ("54", "default/db:5432:PROXY")));
        Assert.Equal(new[] { ProblemCode.PortNotFound, ProblemCode.StreamEntryInvalid }.Order(), Problems(room));
    }

    [Fact]
    public void A_ConfigMap_that_is_not_there_is_a_problem_until_it_comes()
    {
        var room = RoutingRoom.With(Options);
        Assert.Equal([ProblemCode.StreamConfigMapMissing, ProblemCode.StreamConfigMapMissing], Problems(room));
        room.Apply(Map("tcp"), Map("udp"));
        Assert.Empty(Problems(room));
    }

    [Fact]
    public void Only_what_changed_is_told()
    {
        var room = Room(("5432", "default/db:5432"), ("7000", "default/late:80"));
        room.Apply(Make.Service("late", "80"), Make.Slice("late", "8080", "10.0.0.9"));
        Assert.Equal([7000], room.LastChange.Streams.Select(key => key.Port));
        Assert.Empty(Problems(room));

        room.Apply(Make.Service("other", "80"));
        Assert.Empty(room.LastChange.Streams);

        room.Apply(Map("tcp", ("7000", "default/late:80"), ("7001", "default/late:80")));
        Assert.Equal([5432, 7001], room.LastChange.Streams.Select(key => key.Port).Order());
        Assert.Equal([7000, 7001], room.Translation.Model.Streams.Keys.Select(key => key.Port).Order());

        room.Delete(Map("tcp"));
        Assert.Equal([7000, 7001], room.LastChange.Streams.Select(key => key.Port).Order());
        Assert.Empty(room.Translation.Model.Streams);
    }

    [Fact]
    public void Ten_thousand_entries_of_junk_cost_the_good_one_nothing()
    {
        var junk = Enumerable.Range(0, 10_000).Select(index => (index.ToString(CultureInfo.InvariantCulture) + "x", new string((char)(index % 0x7F), 100)));
        var room = Room([.. junk, ("5432", "default/db:5432")]);
        Assert.Equal([Key], room.Translation.Model.Streams.Keys);
        Assert.Equal(10_000, Problems(room).Count());
    }

    private static RoutingRoom Room(params (string Port, string Target)[] entries) => RoutingRoom.With(
        Options,
        Make.Service("db", "sql:5432"),
        Make.Slice("db", "sql:6000", "10.0.0.1"),
        Make.Service("empty", "80"),
        Make.ExternalName("outside", "example.com", "80"),
        Map("tcp", entries),
        Map("udp"));

    private static ConfigMap Map(string name, params (string Port, string Target)[] entries) =>
        new(new Metadata("default", name), entries.Select(entry => KeyValuePair.Create(entry.Port, entry.Target)).ToEquatableMap());

    private static IEnumerable<ProblemCode> Problems(RoutingRoom room) => ((IEnumerable<Problem>)room.Translation.Problems).Select(problem => problem.Code).Order();
}
