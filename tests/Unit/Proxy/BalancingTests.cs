using System.Net;
using IngressController.Proxy.Balancing;

namespace IngressController.Unit.Proxy;

public sealed class BalancingTests
{
    private static readonly string[] Four = ["a", "b", "c", "d"];

    [Fact]
    public void Everybody_has_the_same_number_of_turns()
    {
        var turn = new Turn();

        var picked = Enumerable.Range(0, 400).Select(_ => Four[turn.Next(4)]).CountBy(name => name);

        Assert.All(picked, name => Assert.Equal(100, name.Value));
    }

    [Fact]
    public void When_one_goes_the_others_go_on_in_their_order()
    {
        foreach (var gone in Four)
        {
            var turn = new Turn();
            var last = Array.IndexOf(Four, Four[turn.Next(4)]);
            string[] rest = [.. Four.Where(name => name != gone)];

            turn.Continue(Four, rest);

            var expected = Enumerable.Range(1, 4).Select(step => Four[(last + step) % 4]).Where(name => name != gone).ToArray();
            Assert.Equal(expected, Enumerable.Range(0, 3).Select(_ => rest[turn.Next(3)]));
        }
    }

    [Fact]
    public void When_one_comes_the_next_in_turn_stays_the_next()
    {
        var turn = new Turn();
        string[] three = ["b", "c", "d"];
        var last = turn.Next(3);

        turn.Continue(three, Four);

        Assert.Equal(three[(last + 1) % 3], Four[turn.Next(4)]);
    }

    [Fact]
    public void The_turn_survives_when_all_are_replaced_or_none_is_left()
    {
        var turn = new Turn();
        turn.Continue(Four, []);
        turn.Continue([], Four);
        turn.Continue(Four, ["x", "y"]);

        Assert.InRange(turn.Next(2), 0, 1);
    }

    [Fact]
    public void A_client_moves_only_when_its_destination_goes_or_a_new_one_takes_its_share()
    {
        string[] before = [.. Enumerable.Range(1, 10).Select(number => $"10.0.0.{number}:8080")];
        string[] after = [.. before, "10.0.0.11:8080"];
        string[] without = [.. before.Where(name => name != "10.0.0.3:8080")];
        var moved = 0;
        for (var number = 0; number < 2000; number++)
        {
            var client = new IPAddress([192, 168, (byte)(number >> 8), (byte)number]);
            var home = Pick(client, before);
            Assert.Equal(home == "10.0.0.3:8080" ? Pick(client, without) : home, Pick(client, without));
            if (Pick(client, after) is var next && next != home)
            {
                Assert.Equal("10.0.0.11:8080", next);
                moved++;
            }
        }

        Assert.InRange(moved, 2000 / 11 / 2, 2000 / 11 * 2);
    }

    [Fact]
    public void Clients_spread_evenly()
    {
        string[] names = [.. Enumerable.Range(1, 5).Select(number => $"10.0.0.{number}:80")];

        var shares = Enumerable.Range(0, 5000).Select(number => Pick(new IPAddress([10, 1, (byte)(number >> 8), (byte)number]), names)).CountBy(name => name);

        Assert.Equal(5, shares.Count());
        Assert.All(shares, share => Assert.InRange(share.Value, 800, 1200));
    }

    private static string Pick(IPAddress client, string[] names) => Rendezvous.Pick(client, names, name => name);
}
