using System.Buffers;
using System.Text;
using IngressController.Cluster;
using IngressController.Kubernetes.Watching;
using Microsoft.Extensions.Logging.Abstractions;

namespace IngressController.Unit.Kubernetes.Watching;

public sealed class ListPageTests
{
    private const string Page = """
        {"kind": "SecretList", "items": [
          {"type": "Opaque", "data": {"a": "YQ=="}, "metadata": {"namespace": "shop", "name": "first", "uid": "1"}},
          {"metadata": {"namespace": "shop", "name": "second"}, "data": {"b": "Yg=="}}
        ], "metadata": {"resourceVersion": "7"}}
        """;

    [Fact]
    public void A_Secret_that_nothing_refers_to_is_known_by_name_wherever_the_page_is_cut()
    {
        foreach (var cut in Enumerable.Range(0, Page.Length))
        {
            Assert.Equal(["Secret shop/first", "Secret shop/second"], Read(cut, []).Select(found => $"{found.Key}{(found.Resource is null ? "" : " read")}"));
        }
    }

    [Fact]
    public void A_Secret_that_something_refers_to_is_read_wherever_the_page_is_cut()
    {
        foreach (var cut in Enumerable.Range(0, Page.Length))
        {
            Assert.Equal(["Secret shop/first read", "Secret shop/second"], Read(cut, [new("shop", "first")]).Select(found => $"{found.Key}{(found.Resource is null ? "" : " read")}"));
        }
    }

    /// <summary>The page comes in two parts.</summary>
    private static List<ReceivedObject> Read(int cut, NamespacedName[] referred)
    {
        var kind = WatchedKind.All.First(kind => kind.Kind == ResourceKind.Secret);
        var (page, objects) = (new ListPage(new(kind, new(referred), NullLogger.Instance)), new List<ReceivedObject>());
        var bytes = Encoding.UTF8.GetBytes(Page);
        var taken = (int)page.Read(new ReadOnlySequence<byte>(bytes, 0, cut), isComplete: false, objects);
        page.Read(new ReadOnlySequence<byte>(bytes, taken, bytes.Length - taken), isComplete: true, objects);
        Assert.True(page.IsEnd);
        return objects;
    }
}
