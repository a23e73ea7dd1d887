using System.Net;
using IngressController.Proxy.Balancing;
using IngressController.Testing;

namespace IngressController.Unit.Proxy;

public sealed class ClientAffinityTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(10);

    private readonly ManualClock clock = new();
    private readonly ClientAffinity<string> affinity;

    public ClientAffinityTests() => affinity = new(clock, id => id);

    [Fact]
    public void A_client_stays_when_destinations_are_added_until_it_was_silent_for_the_timeout()
    {
        var few = Destinations(2);
        var many = few.Concat(Destinations(50, from: 2)).ToArray();
        var clients = Enumerable.Range(1, 200).Select(last => new IPAddress([10, 0, 0, (byte)last])).ToArray();
        var first = clients.Select(client => Pick(client, few)).ToArray();
        clock.Advance(Timeout);
        Assert.Equal(first, clients.Select(client => Pick(client, many)));
        clock.Advance(Timeout);
        Assert.Equal(first, clients.Select(client => Pick(client, many)));
        clock.Advance(Timeout + TimeSpan.FromSeconds(1));
        Assert.True(clients.Select(client => Pick(client, many)).Distinct().Count() > 10);
    }

    [Fact]
    public void A_client_moves_when_its_destination_goes_and_stays_where_it_went()
    {
        var destinations = Destinations(5);
        var client = IPAddress.Parse("2001:db8::7");
        var first = Pick(client, destinations);
        var second = Pick(client, [.. destinations.Where(destination => destination != first)]);
        Assert.NotEqual(first, second);
        Assert.Equal(second, Pick(client, destinations));
    }

    [Fact]
    public void More_clients_than_are_remembered_are_served_all_the_same()
    {
        var destinations = Destinations(3);
        for (var index = 0; index < ClientAffinity<string>.MostClients + 100; index++)
        {
            var client = new IPAddress(index + 1L);
            Assert.Equal(Pick(client, destinations), Pick(client, destinations));
        }

        // Silent ones make room.
        clock.Advance(Timeout * 2);
        var late = IPAddress.Parse("192.0.2.1");
        var first = Pick(late, destinations);
        Assert.Equal(first, Pick(late, [.. destinations, .. Destinations(100, from: 3)]));
    }

    private string Pick(IPAddress client, string[] available) => affinity.Pick(client, available, Timeout);

    private static string[] Destinations(int count, int from = 0) =>
        [.. Enumerable.Range(from, count).Select(index => $"10.1.0.{index}:80")];
}
