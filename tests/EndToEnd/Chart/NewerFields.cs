namespace IngressController.EndToEnd.Chart;

/// <summary>
/// The fields, of what a chart may set, that came after Kubernetes 1.25. A field counts from the release whose feature gate is on by default: before, the API
/// server drops it. Written by hand after the gates (named beside the fields) in kubernetes/kubernetes
/// test/compatibility_lifecycle/reference/versioned_feature_list.yaml; no old server was asked.
/// </summary>
internal static class NewerFields
{
    private const int OffByDefault = int.MaxValue;

    private static readonly Dictionary<(string Schema, string Field), int> Releases = new()
    {
        [("io.k8s.api.core.v1.Container", "resizePolicy")] = 33, // InPlacePodVerticalScaling
        [("io.k8s.api.core.v1.Container", "restartPolicy")] = 29, // SidecarContainers
        [("io.k8s.api.core.v1.LifecycleHandler", "sleep")] = 30, // PodLifecycleSleepAction
        [("io.k8s.api.core.v1.PodAffinityTerm", "matchLabelKeys")] = 31, // MatchLabelKeysInPodAffinity
        [("io.k8s.api.core.v1.PodAffinityTerm", "mismatchLabelKeys")] = 31,
        [("io.k8s.api.core.v1.PodSecurityContext", "appArmorProfile")] = 30, // AppArmorFields
        [("io.k8s.api.core.v1.PodSecurityContext", "seLinuxChangePolicy")] = 33, // SELinuxChangePolicy
        [("io.k8s.api.core.v1.PodSecurityContext", "supplementalGroupsPolicy")] = 33, // SupplementalGroupsPolicy
        [("io.k8s.api.core.v1.PodSpec", "hostUsers")] = 33, // UserNamespacesSupport
        [("io.k8s.api.core.v1.PodSpec", "resourceClaims")] = 34, // DynamicResourceAllocation
        [("io.k8s.api.core.v1.PodSpec", "resources")] = 34, // PodLevelResources
        [("io.k8s.api.core.v1.PodSpec", "schedulingGates")] = 27, // PodSchedulingReadiness
        [("io.k8s.api.core.v1.ResourceRequirements", "claims")] = 34,
        [("io.k8s.api.core.v1.SecurityContext", "appArmorProfile")] = 30,
        [("io.k8s.api.core.v1.ServiceSpec", "trafficDistribution")] = 31, // ServiceTrafficDistribution
        [("io.k8s.api.core.v1.TopologySpreadConstraint", "matchLabelKeys")] = 27, // MatchLabelKeysInPodTopologySpread
        [("io.k8s.api.core.v1.TopologySpreadConstraint", "nodeAffinityPolicy")] = 26, // NodeInclusionPolicyInPodTopologySpread
        [("io.k8s.api.core.v1.TopologySpreadConstraint", "nodeTaintsPolicy")] = 26,
        [("io.k8s.api.core.v1.Volume", "image")] = 35, // ImageVolume
        [("io.k8s.api.core.v1.VolumeMount", "recursiveReadOnly")] = 31, // RecursiveReadOnlyMounts
        [("io.k8s.api.core.v1.VolumeProjection", "clusterTrustBundle")] = OffByDefault, // ClusterTrustBundleProjection
        [("io.k8s.api.policy.v1.PodDisruptionBudgetSpec", "unhealthyPodEvictionPolicy")] = 27, // PDBUnhealthyPodEvictionPolicy
    };

    /// <summary>The minor version of Kubernetes 1 that a field came with, on by default; null for fields that 1.25 has.</summary>
    public static int? Since(string schema, string field) => Releases.TryGetValue((schema, field), out var release) ? release : null;
}
