namespace IngressController.Certificates.Acme.Dns;

internal static class DnsHooks
{
    /// <exception cref="ArgumentException">Nothing of it is set.</exception>
    public static IDnsHook Of(DnsOptions options, TimeProvider time) => options switch
    {
        { Program: { } program } => new ProgramHook(program, time),
        { Webhook: { } address } => new WebhookHook(address, time),
        { Server: { } server } => new UpdateHook(server, time),
        _ => throw new ArgumentException("No way to make TXT records is named", nameof(options)),
    };
}
