using IngressController.Proxy.Observing;

namespace IngressController.Proxy.AccessLog;

/// <summary>nginx's http and stream modules have a log format each.</summary>
internal sealed class NginxFormat(Template requests, Template sessions) : ILineFormat
{
    public void Write(in RequestRecord record, LineBuffer line) => (record.IsSession ? sessions : requests).Write(record, line);
}
