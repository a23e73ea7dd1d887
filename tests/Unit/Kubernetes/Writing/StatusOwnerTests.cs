using System.Text;
using System.Text.Json;
using IngressController.Kubernetes.Wire;

namespace IngressController.Unit.Kubernetes.Writing;

/// <summary>What is read of metadata.managedFields.</summary>
public sealed class StatusOwnerTests
{
    private const string List = """{"f:status":{"f:loadBalancer":{"f:ingress":{}}}}""";

    [Fact]
    public void The_owner_is_who_wrote_the_list_and_not_who_wrote_the_rest() => Assert.Equal("us", Owner("""
        [{"manager":"kubectl","operation":"Update","apiVersion":"networking.k8s.io/v1","time":"2026-11-21T05:56:55Z","fieldsType":"FieldsV1","fieldsV1":{"f:spec":{"f:rules":{}}}},
         {"manager":"us","operation":"Update","apiVersion":"networking.k8s.io/v1","fieldsType":"FieldsV1","fieldsV1":LIST,"subresource":"status"},
         {"manager":"conditions","operation":"Update","fieldsV1":{"f:status":{"f:conditions":{},"f:loadBalancer":{}}},"subresource":"status"}]
        """.Replace("LIST", List, StringComparison.Ordinal)));

    [Fact]
    public void The_order_of_fields_does_not_matter_and_the_same_owner_counts_once() =>
        Assert.Equal("us", Owner($$"""[{"fieldsV1":{{List}},"manager":"us","operation":"Update"},{"fieldsV1":{{List}},"operation":"Apply","manager":"us"}]"""));

    [Fact]
    public void A_list_that_two_have_applied_belongs_to_neither_alone() =>
        Assert.Equal("one,two", Owner($$"""[{"fieldsV1":{{List}},"manager":"one"},{"fieldsV1":{{List}},"manager":"two"}]"""));

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("5")]
    [InlineData("\"text\"")]
    [InlineData("{\"manager\":\"us\"}")]
    [InlineData("[null,5,\"text\",[[]],true]")]
    [InlineData("[{\"manager\":5,\"fieldsV1\":" + List + "}]")]
    [InlineData("[{\"manager\":\"\",\"fieldsV1\":" + List + "}]")]
    [InlineData("[{\"manager\":{\"a\":[1]},\"fieldsV1\":" + List + "}]")]
    [InlineData("[{\"fieldsV1\":" + List + "}]")]
    [InlineData("[{\"manager\":\"us\",\"fieldsV1\":{\"f:status\":[1,{\"f:loadBalancer\":2}]}}]")]
    [InlineData("[{\"manager\":\"us\",\"fieldsV1\":{\"f:status\":{\"f:loadBalancer\":null}}}]")]
    [InlineData("[{\"manager\":\"us\",\"fieldsV1\":null}]")]
    public void Junk_has_no_owner_and_is_no_error_in_a_manifest(string managedFields)
    {
        Assert.Null(Owner(managedFields));
        var reading = ManifestFolder.ReadText(Ingress(managedFields), "web.json");
        Assert.Empty(reading.Problems);
        Assert.Null(reading.Single<Cluster.Resources.Ingress>().StatusManager);
    }

    private static string? Owner(string managedFields) =>
        JsonSerializer.Deserialize(Encoding.UTF8.GetBytes(Ingress(managedFields)), WireContext.Default.Ingress)!.ToResource().StatusManager;

    private static string Ingress(string managedFields) => """
        {"apiVersion":"networking.k8s.io/v1","kind":"Ingress","metadata":{"managedFields":FIELDS,"name":"web"},
         "spec":{"defaultBackend":{"service":{"name":"web","port":{"number":80}}}}}
        """.Replace("FIELDS", managedFields, StringComparison.Ordinal);
}
