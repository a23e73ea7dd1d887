using IngressController.Cluster;
using IngressController.Routing.Translation;
using IngressController.Testing;

namespace IngressController.Unit.Routing;

public sealed class ClassTests
{
    private const string Host = "shop.example.com";
    private const string Legacy = "kubernetes.io/ingress.class";

    [Fact]
    public void A_class_is_ours_by_its_controller_whatever_its_name()
    {
        var room = RoutingRoom.With(Make.IngressClass("fast"), Make.Ingress("a", className: "fast").WithRule(Host, "Prefix /"));
        Assert.Equal("a web:80", room.Answer(Host, "/"));
        Assert.Equal(["default/a"], room.Translation.Ingresses.Select(name => name.ToString()));
    }

    [Fact]
    public void Foreign_classes_are_ignored_in_silence()
    {
        var room = RoutingRoom.With(
            Make.IngressClass("nginx", "k8s.io/ingress-nginx"), Make.Ingress("a", className: "nginx").WithRule(Host, "Prefix /"));
        Assert.Equal("404", room.Answer(Host, "/"));
        Assert.Empty(room.Translation.Problems);
        Assert.Empty(room.Translation.Ingresses);
    }

    [Fact]
    public void Several_controller_names_may_be_ours()
    {
        var options = new TranslationOptions { ControllerNames = ["ours/one", "k8s.io/ingress-nginx"] };
        var room = RoutingRoom.With(
            options, Make.IngressClass("nginx", "k8s.io/ingress-nginx"), Make.Ingress("a", className: "nginx").WithRule(Host, "Prefix /"));
        Assert.Equal("a web:80", room.Answer(Host, "/"));
    }

    [Fact]
    public void A_class_that_comes_goes_and_changes_hands_is_looked_at_again()
    {
        var room = new RoutingRoom();
        room.Apply(Make.Ingress("a", className: "late").WithRule(Host, "Prefix /"));
        Assert.Equal("404", room.Answer(Host, "/"));
        var problem = Assert.Single(room.Translation.Problems);
        Assert.Equal(ProblemCode.IngressClassNotFound, problem.Code);
        Assert.Equal("spec.ingressClassName", problem.Field);

        room.Apply(Make.IngressClass("late"));
        Assert.Equal("a web:80", room.Answer(Host, "/"));
        Assert.DoesNotContain(room.Translation.Problems, known => known.Code == ProblemCode.IngressClassNotFound);

        room.Apply(Make.IngressClass("late", "somebody.else/controller"));
        Assert.Equal("404", room.Answer(Host, "/"));

        room.Apply(Make.IngressClass("late"));
        room.Delete(Make.IngressClass("late"));
        Assert.Equal("404", room.Answer(Host, "/"));
        Assert.Equal(ProblemCode.IngressClassNotFound, Assert.Single(room.Translation.Problems).Code);
    }

    [Fact]
    public void The_legacy_annotation_counts_where_the_field_is_absent()
    {
        var room = RoutingRoom.With(
            Make.Ingress("legacy", className: null).Annotated(Legacy, "yarp").WithRule("a.test", "Prefix /"),
            Make.Ingress("foreign", className: null).Annotated(Legacy, "nginx").WithRule("b.test", "Prefix /"),
            Make.Ingress("field").Annotated(Legacy, "nginx").WithRule("c.test", "Prefix /"),
            Make.IngressClass("nginx", "k8s.io/ingress-nginx"),
            Make.Ingress("both", className: "nginx").Annotated(Legacy, "yarp").WithRule("d.test", "Prefix /"));
        Assert.Equal(["legacy web:80", "404", "field web:80", "404"], new[] { "a", "b", "c", "d" }.Select(host => room.Answer(host + ".test", "/")));
    }

    [Fact]
    public void An_ingress_without_class_is_ours_by_the_default_class_or_by_the_flag()
    {
        var ingress = Make.Ingress("a", className: null).WithRule(Host, "Prefix /");
        var room = RoutingRoom.With(ingress);
        Assert.Equal("404", room.Answer(Host, "/"));
        room.Apply(Make.IngressClass(isDefault: true));
        Assert.Equal("a web:80", room.Answer(Host, "/"));
        room.Apply(Make.IngressClass());
        Assert.Equal("404", room.Answer(Host, "/"));
        Assert.Equal("a web:80", RoutingRoom.With(new TranslationOptions { WatchIngressWithoutClass = true }, ingress).Answer(Host, "/"));
    }

    [Fact]
    public void Of_several_default_classes_the_newest_counts()
    {
        var ingress = Make.Ingress("a", className: null).WithRule(Host, "Prefix /");
        var ours = RoutingRoom.With(ingress, Make.IngressClass(isDefault: true, age: 1), Make.IngressClass("other", "else/where", isDefault: true, age: 2));
        Assert.Equal("a web:80", ours.Answer(Host, "/"));
        var theirs = RoutingRoom.With(ingress, Make.IngressClass(isDefault: true, age: 2), Make.IngressClass("other", "else/where", isDefault: true, age: 1));
        Assert.Equal("404", theirs.Answer(Host, "/"));
    }

    [Fact]
    public void Ingresses_in_a_terminating_namespace_do_not_take_part()
    {
        var room = RoutingRoom.With(
            Make.Namespace("going"),
            Make.Ingress("going/old", age: 2).WithRule(Host, "Prefix / old:80"),
            Make.Ingress("young", age: 1).WithRule(Host, "Prefix / young:80"));
        Assert.Equal("old old:80", room.Answer(Host, "/"));
        room.Apply(Make.Namespace("going", terminating: true));
        Assert.Equal("young young:80", room.Answer(Host, "/"));
        Assert.Equal(["default/young"], room.Translation.Ingresses.Select(name => name.ToString()));
    }
}
