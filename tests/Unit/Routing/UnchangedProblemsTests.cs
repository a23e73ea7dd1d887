using IngressController.Testing;

namespace IngressController.Unit.Routing;

public sealed class UnchangedProblemsTests
{
    [Fact]
    public void The_list_of_problems_is_the_very_same_until_a_change_touches_it()
    {
        var room = RoutingRoom.With(
            Make.Ingress("a").WithRule("a.example.com", "Prefix / web:80", "Prefix /gone gone:80"), Make.Service("web", "80"), Make.Slice("web", "8080", "10.0.0.1"));
        var first = room.Translation.Problems;
        Assert.Single(first);

        room.Apply(Make.Slice("web", "8080", "10.0.0.1", "10.0.0.2"));
        Assert.True(first.AsSpan() == room.Translation.Problems.AsSpan());

        room.Apply(Make.Slice("web", "8080"));
        Assert.Equal(2, room.Translation.Problems.Count);

        room.Apply(Make.Slice("web", "8080", "10.0.0.3"));
        Assert.Single(room.Translation.Problems);
    }
}
