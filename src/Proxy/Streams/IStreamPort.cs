using IngressController.Routing.Model;

namespace IngressController.Proxy.Streams;

/// <summary>An open port of TCP or UDP.</summary>
internal interface IStreamPort
{
    /// <summary>What comes from now on goes there.</summary>
    void Update(StreamService service);

    /// <summary>Takes nothing new from now on; what goes on, goes on.</summary>
    void Close();
}
