using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace IngressController.Proxy.Listening;

/// <summary>What the first bytes of a connection say.</summary>
/// <param name="Taken">How many of them belong to this; what follows is for who reads next.</param>
internal readonly record struct Verdict<T>(T Value, long Taken = 0);

/// <returns>Null where too little has come to say.</returns>
internal delegate Verdict<T>? Judge<T>(in ReadOnlySequence<byte> received);

/// <summary>Looks at the first bytes of a connection until they say something, and leaves all that was not taken to who reads next.</summary>
internal static class FirstBytes
{
    /// <param name="late">Called where the bytes did not come in time.</param>
    /// <returns>Null where the bytes did not come in time, the connection ended before, or the server stops.</returns>
    public static async ValueTask<Verdict<T>?> ReadAsync<T>(ConnectionContext connection, Judge<T> judge, TimeSpan timeout, TimeProvider time, Action late)
    {
        var input = connection.Transport.Input;
        if (input.TryRead(out var read) && Take(input, read, judge) is { } atOnce)
        {
            return atOnce; // without a clock
        }

        var stopping = connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? CancellationToken.None;
        using var clock = new CancellationTokenSource(timeout, time);
        Verdict<T>? verdict;
        using (clock.Token.UnsafeRegister(static pipe => ((PipeReader)pipe!).CancelPendingRead(), input))
        using (stopping.UnsafeRegister(static pipe => ((PipeReader)pipe!).CancelPendingRead(), input))
        {
            verdict = await ReadAsync(input, judge);
        }

        // One that was cancelled just now may have left its mark on the pipe, which is no good for Kestrel.
        if (clock.IsCancellationRequested || stopping.IsCancellationRequested)
        {
            (stopping.IsCancellationRequested ? null : late)?.Invoke();
            return null;
        }

        return verdict;
    }

    private static async ValueTask<Verdict<T>?> ReadAsync<T>(PipeReader input, Judge<T> judge)
    {
        while (true)
        {
            var read = await input.ReadAsync();
            if (Take(input, read, judge) is { } verdict)
            {
                return verdict;
            }

            if (read.IsCanceled || read.IsCompleted)
            {
                return null;
            }
        }
    }

    private static Verdict<T>? Take<T>(PipeReader input, in ReadResult read, Judge<T> judge)
    {
        var verdict = judge(read.Buffer);
        if (verdict is { } told)
        {
            input.AdvanceTo(read.Buffer.GetPosition(told.Taken)); // nothing examined beyond: the next reader gets it at once
        }
        else
        {
            input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }

        return verdict;
    }
}
