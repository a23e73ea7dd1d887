using IngressController.Proxy.Observing;
using IngressController.Proxy.Pipeline;

namespace IngressController.Proxy.AccessLog;

/// <summary>nginx's variables about tries: of several, lists like <c>502, 200</c>.</summary>
internal static class Upstreams
{
    private delegate void OfTry(in UpstreamTry attempt, LineBuffer line, Escaping escaping);

    public static void Address(in RequestRecord record, LineBuffer line, Escaping escaping) =>
        Each(record, line, escaping, static (in attempt, line, escaping) => line.AddText(attempt.Destination, escaping));

    public static void ResponseLength(in RequestRecord record, LineBuffer line, Escaping escaping) =>
        Each(record, line, escaping, static (in attempt, line, _) => line.AddNumber(attempt.Bytes));

    public static void ResponseTime(in RequestRecord record, LineBuffer line, Escaping escaping) =>
        Each(record, line, escaping, static (in attempt, line, _) => line.AddThousandths((long)attempt.Time.TotalMilliseconds));

    public static void Status(in RequestRecord record, LineBuffer line, Escaping escaping) =>
        Each(record, line, escaping, static (in attempt, line, _) =>
        {
            if (StatusOf(attempt) is > 0 and var status)
            {
                line.AddNumber(status);
            }
            else
            {
                line.Add((byte)'-');
            }
        });

    private static void Each(in RequestRecord record, LineBuffer line, Escaping escaping, OfTry write)
    {
        if (record.Tries == 0)
        {
            line.Add(escaping.Missing);
            return;
        }

        foreach (var attempt in record.Earlier)
        {
            write(attempt, line, escaping);
            line.Add(", "u8);
        }

        write(record.Last, line, escaping);
    }

    /// <summary>nginx gives a destination that did not answer the status that the client would get for it; none where it was the client that failed.</summary>
    private static int StatusOf(in UpstreamTry attempt) => attempt switch
    {
        { Status: > 0 } => attempt.Status,
        { Failure: nameof(Reason.ConnectTimeout) or nameof(Reason.ResponseTimeout) or nameof(Reason.IdleTimeout) } => 504,
        { Failure: "" or nameof(Reason.ClientClosed) or nameof(Reason.BodyTimeout) or nameof(Reason.BodyTooLarge) or nameof(Reason.BrokenRequestBody) or nameof(Reason.ShuttingDown) } => 0,
        _ => 502,
    };
}
