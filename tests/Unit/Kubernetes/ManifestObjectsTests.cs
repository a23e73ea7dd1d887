using IngressController.Cluster;
using IngressController.Cluster.Resources;
using IngressController.Kubernetes.Manifests;

namespace IngressController.Unit.Kubernetes;

public sealed class ManifestObjectsTests : IDisposable
{
    private readonly ManifestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Every_kind_is_read_and_other_kinds_are_passed_over_silently()
    {
        folder.Write("all.yaml", Yaml.Documents(
            Yaml.Ingress(),
            "apiVersion: networking.k8s.io/v1\nkind: IngressClass\nmetadata: {name: yarp}\nspec: {controller: example.com/controller}\n",
            Yaml.Service(),
            "apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: {name: web-1}\naddressType: IPv4\nendpoints: [{addresses: [127.0.0.1]}]\n",
            "apiVersion: v1\nkind: Secret\nmetadata: {name: web}\nstringData: {a: b}\n",
            Yaml.ConfigMap("web"),
            "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n",
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {replicas: many}\n",
            "apiVersion: serving.knative.dev/v1\nkind: Service\nmetadata: {name: other}\n",
            "apiVersion: example.com/v1\nkind: AllowList\nmetadata: {name: other}\nitems: 3\n"));

        var reading = folder.Read();

        Assert.Empty(reading.Problems);
        Assert.Equal(
            ["Ingress default/web", "IngressClass yarp", "Service default/web", "EndpointSlice default/web-1", "Secret default/web", "ConfigMap default/web", "Namespace shop"],
            reading.Keys());
    }

    [Fact]
    public void Lists_and_typed_lists_hold_objects()
    {
        folder.Write("list.yaml", """
            apiVersion: v1
            kind: List
            items:
            - apiVersion: v1
              kind: ConfigMap
              metadata: {name: a}
            - apiVersion: apps/v1
              kind: Deployment
              metadata: {name: b}
            """);
        folder.Write("typed.json", """{"apiVersion":"v1","kind":"ConfigMapList","items":[{"metadata":{"name":"c"}},{"metadata":{"name":"d"}}]}""");
        folder.Write("empty.yaml", "apiVersion: v1\nkind: List\nitems:\n");

        var reading = folder.Read();

        Assert.Equal(["ConfigMap default/a", "ConfigMap default/c", "ConfigMap default/d"], reading.Keys());
        Assert.Empty(reading.Problems);
    }

    [Fact]
    public void Every_object_knows_its_file_and_line()
    {
        folder.Write("sub/a.yaml", "# comment\n" + Yaml.Documents(Yaml.ConfigMap("a"), Yaml.ConfigMap("b")));
        folder.Write("b.json", "{\"apiVersion\":\"v1\",\"kind\":\"List\",\"items\":[\n{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"c\"}}]}");

        var origins = folder.Read().Origins;

        Assert.Equal(new Origin("sub/a.yaml", 2), origins[new(ResourceKind.ConfigMap, "default", "a")]);
        Assert.Equal(new Origin("sub/a.yaml", 9), origins[new(ResourceKind.ConfigMap, "default", "b")]);
        Assert.Equal(new Origin("b.json", 2), origins[new(ResourceKind.ConfigMap, "default", "c")]);
    }

    [Fact]
    public void Of_an_object_in_two_files_the_first_path_wins_and_the_other_is_a_problem()
    {
        folder.Write("b.yaml", Yaml.ConfigMap("web", "second"));
        folder.Write("a/z.yaml", Yaml.ConfigMap("web", "first"));

        var reading = folder.Read();

        Assert.Equal("first", ((ConfigMap)Assert.Single(reading.Changes).Resource!).Data.GetValueOrDefault("key"));
        var problem = reading.SingleProblem();
        Assert.Equal((ProblemCode.DuplicateObject, "b.yaml", 1), (problem.Code, problem.File, problem.Line));
        Assert.Equal("ConfigMap default/web already stands in a/z.yaml:1, which is served", problem.Message);
    }

    [Fact]
    public void An_object_twice_in_one_file_is_a_problem_at_the_second()
    {
        folder.Write("a.yaml", Yaml.Documents(Yaml.ConfigMap("web", "first"), Yaml.ConfigMap("web", "second")));

        var reading = folder.Read();

        Assert.Equal("first", ((ConfigMap)Assert.Single(reading.Changes).Resource!).Data.GetValueOrDefault("key"));
        Assert.Equal((ProblemCode.DuplicateObject, 8), (reading.SingleProblem().Code, reading.SingleProblem().Line));
    }
}
