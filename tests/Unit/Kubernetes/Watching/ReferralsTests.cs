using IngressController.Cluster;
using IngressController.Cluster.Resources;
using IngressController.Kubernetes.Watching;

namespace IngressController.Unit.Kubernetes.Watching;

public sealed class ReferralsTests
{
    private static readonly NamespacedName Web = new("shop", "web");
    private static readonly NamespacedName Api = new("shop", "api");

    [Theory]
    [InlineData("auth", "shop/auth")]
    [InlineData("other/auth", "other/auth")]
    [InlineData("a.b-c.1", "shop/a.b-c.1")]
    [InlineData("/auth", null)]
    [InlineData("auth/", null)]
    [InlineData("a/b/c", null)]
    [InlineData("Auth", null)]
    [InlineData(" auth\n", "shop/auth")]
    [InlineData("other/auth ", "other/auth")]
    [InlineData("other / auth", null)]
    [InlineData(" ", null)]
    [InlineData("auth,other", null)]
    [InlineData("", null)]
    public void An_annotation_refers_by_its_whole_value(string value, string? name)
    {
        var changed = new Referrals([]).Follow(Web, Ingress(Web, value));
        Assert.Equal(name, changed.SingleOrDefault() is { Name: not null } found ? found.ToString() : null);
    }

    [Fact]
    public void Only_the_first_and_the_last_reference_are_news()
    {
        var referrals = new Referrals([]);
        var auth = new NamespacedName("shop", "auth");
        Assert.Equal([auth], referrals.Follow(Web, Ingress(Web, "auth", "auth", "shop/auth")));
        Assert.Empty(referrals.Follow(Web, Ingress(Web, "auth")));
        Assert.Empty(referrals.Follow(Api, Ingress(Api, "auth")));
        Assert.Empty(referrals.Follow(Web, null));
        Assert.True(referrals.Has(auth));
        Assert.Equal([auth], referrals.Follow(Api, Ingress(Api)));
        Assert.False(referrals.Has(auth));
        Assert.Empty(referrals.Follow(Api, null));
        Assert.Equal([auth], referrals.Follow(Api, Ingress(Api, "auth")));
    }

    [Fact]
    public void One_change_takes_up_the_new_names_and_lets_go_of_the_old()
    {
        var referrals = new Referrals([]);
        referrals.Follow(Web, Ingress(Web, "old", "kept"));
        Assert.Equal(["shop/new", "shop/old"], referrals.Follow(Web, Ingress(Web, "kept", "new")).Select(name => name.ToString()));
        Assert.Equal((false, true, true), (referrals.Has(new("shop", "old")), referrals.Has(new("shop", "kept")), referrals.Has(new("shop", "new"))));
    }

    [Fact]
    public void What_a_flag_names_stays_referred_to_when_Ingresses_let_it_go()
    {
        var named = new NamespacedName("shop", "default");
        var referrals = new Referrals([named]);
        Assert.Empty(referrals.Follow(Web, Ingress(Web, "default")));
        Assert.Empty(referrals.Follow(Web, null));
        Assert.True(referrals.Has(named));
    }

    private static Ingress Ingress(NamespacedName name, params string[] values)
    {
        var annotations = values.Select((value, i) => KeyValuePair.Create($"a{i}", value)).ToEquatableMap();
        return new(new Metadata(name, "", DateTimeOffset.MinValue, default, annotations, IsTerminating: false), null, null, [], [], []);
    }
}
