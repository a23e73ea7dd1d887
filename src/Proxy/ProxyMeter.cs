namespace IngressController.Proxy;

/// <summary>The meter of all that the data plane counts; each feature has its own class of instruments.</summary>
public static class ProxyMeter
{
    public const string Name = "ingress.proxy";
}
