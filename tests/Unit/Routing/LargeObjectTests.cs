using IngressController.Cluster.Resources;
using IngressController.Routing.Translation;
using IngressController.Testing;

namespace IngressController.Unit.Routing;

public sealed class LargeObjectTests
{
    /// <summary>Quadratic work would take minutes here, and hold up everybody's news.</summary>
    [Fact]
    public async Task One_ingress_with_40_000_hosts_holds_up_nobody()
    {
        var ingress = Make.Ingress("huge") with
        {
            Rules = [.. Enumerable.Range(0, 40_000).Select(index => Make.Ingress("one").WithRule($"h{index}.test", "Prefix /").Rules[0])],
        };
        var room = await Task.Run(() => RoutingRoom.With(new TranslationOptions(), (IResource[])[ingress])).WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal("huge web:80", room.Answer("h39999.test", "/"));
    }
}
