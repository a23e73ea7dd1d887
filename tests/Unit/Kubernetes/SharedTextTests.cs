using System.Text.Json;
using IngressController.Cluster;
using IngressController.Kubernetes.Wire;

namespace IngressController.Unit.Kubernetes;

public sealed class SharedTextTests
{
    [Fact]
    public void Equal_short_texts_are_one_object() =>
        Assert.Same(SharedText.Of("eu-central-1a".AsSpan()), SharedText.Of("eu-central-1a".AsSpan()));

    [Theory]
    [InlineData("")]
    [InlineData("straße")]
    [InlineData("this text is so long that it hardly ever occurs twice, and so it is not worth the room that it would take away from shorter ones")]
    public void Every_text_comes_out_as_it_went_in(string text) => Assert.Equal(text, SharedText.Of(text));

    [Fact]
    public void Texts_that_fight_for_a_place_are_never_taken_for_each_other() =>
        Assert.All(Enumerable.Range(0, 200_000), number => Assert.Equal($"{number}", SharedText.Of($"{number}")));

    [Fact]
    public void Objects_share_keys_and_values()
    {
        var (one, other) = (Labels(), Labels());
        Assert.Same(one.Keys.Single(), other.Keys.Single());
        Assert.Same(one.Values.Single(), other.Values.Single());
        Assert.Equal("zo\"ne ü", one.Values.Single());
    }

    [Fact]
    public void The_copy_that_kubectl_keeps_of_an_object_is_not_kept_again()
    {
        var meta = Read("""{"name":"a","annotations":{"kubectl.kubernetes.io/last-applied-configuration":"{}","other":"stays"}}""");
        Assert.Equal(["other"], ObjectMeta.Namespaced(meta).Annotations.Select(annotation => annotation.Key));
    }

    private static Dictionary<string, string?> Labels() => Read("""{"labels":{"zone\u002dkey":"zo\"ne \u00fc"}}""").Labels!;

    private static ObjectMeta Read(string json) => JsonSerializer.Deserialize(json, WireContext.Default.ObjectMeta)!;
}
