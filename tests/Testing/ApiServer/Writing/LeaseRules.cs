using System.Text.Json.Nodes;
using IngressController.Kubernetes.Manifests.Documents;
using IngressController.Kubernetes.Manifests.Validation;

namespace IngressController.Testing.ApiServer.Writing;

/// <summary>pkg/apis/coordination/validation.</summary>
internal static class LeaseRules
{
    private static readonly FieldPath Spec = FieldPath.Root.Child("spec");

    public static void Check(JsonObject lease, FieldErrors errors)
    {
        var spec = lease["spec"];
        if ((int?)spec?["leaseDurationSeconds"] is <= 0 and var seconds)
        {
            errors.Invalid(Spec.Child("leaseDurationSeconds"), seconds, "must be greater than 0");
        }

        if ((int?)spec?["leaseTransitions"] is < 0 and var transitions)
        {
            errors.Invalid(Spec.Child("leaseTransitions"), transitions, "must be greater than or equal to 0");
        }

        Times.Check(spec, "acquireTime", errors);
        Times.Check(spec, "renewTime", errors);
    }
}
