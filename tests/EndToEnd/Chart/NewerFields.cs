namespace IngressController.EndToEnd.Chart;

/// <summary>The fields, of what a chart may set, that came after Kubernetes 1.25. Written by hand and not checked against the release notes.</summary>
internal static class NewerFields
{
    private static readonly Dictionary<(string Schema, string Field), int> Releases = new()
    {
        [("io.k8s.api.core.v1.Container", "resizePolicy")] = 27,
        [("io.k8s.api.core.v1.Container", "restartPolicy")] = 28,
        [("io.k8s.api.core.v1.LifecycleHandler", "sleep")] = 30, // 1.29 has it as alpha: off
        [("io.k8s.api.core.v1.PodAffinityTerm", "matchLabelKeys")] = 29,
        [("io.k8s.api.core.v1.PodAffinityTerm", "mismatchLabelKeys")] = 29,
        [("io.k8s.api.core.v1.PodSecurityContext", "appArmorProfile")] = 30,
        [("io.k8s.api.core.v1.PodSecurityContext", "seLinuxChangePolicy")] = 32,
        [("io.k8s.api.core.v1.PodSecurityContext", "supplementalGroupsPolicy")] = 31,
        [("io.k8s.api.core.v1.PodSpec", "resourceClaims")] = 26,
        [("io.k8s.api.core.v1.PodSpec", "resources")] = 32,
        [("io.k8s.api.core.v1.PodSpec", "schedulingGates")] = 26,
        [("io.k8s.api.core.v1.ResourceRequirements", "claims")] = 26,
        [("io.k8s.api.core.v1.SecurityContext", "appArmorProfile")] = 30,
        [("io.k8s.api.core.v1.ServiceSpec", "trafficDistribution")] = 31, // 1.30 has it as alpha: off
        [("io.k8s.api.core.v1.Volume", "image")] = 31,
        [("io.k8s.api.core.v1.VolumeMount", "recursiveReadOnly")] = 30,
        [("io.k8s.api.core.v1.VolumeProjection", "clusterTrustBundle")] = 29,
        [("io.k8s.api.policy.v1.PodDisruptionBudgetSpec", "unhealthyPodEvictionPolicy")] = 27, // 1.26 has it as alpha: off
    };

    /// <summary>The minor version of Kubernetes 1 that a field came with, on by default; null for fields that 1.25 has.</summary>
    public static int? Since(string schema, string field) => Releases.TryGetValue((schema, field), out var release) ? release : null;
}
