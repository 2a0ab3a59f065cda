using System.Diagnostics;
using System.Runtime;

namespace SecuTicket.Benchmarks.World;

/// <summary>When the runtime's compiler has nothing more to do: what was called often enough is compiled for good beside it, which takes a fifth of two busy cores for some ten seconds.</summary>
/// <remarks>Waiting for it measures a program that has run for a while, and no other: nothing that is measured is done meanwhile.</remarks>
internal static class CompilerRest
{
    // The compiler waits a tenth of a second after the last new method before it begins.
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    // Two steps of the clock that processor time is counted by, in milliseconds; a compiler at work uses ten times as much between two looks.
    private const double Still = 20;

    /// <summary>Waits for that of this process.</summary>
    public static void Await() => Await(static () => JitInfo.GetCompilationTime().TotalMilliseconds);

    /// <summary>Waits until a node does nothing that takes processor time.</summary>
    public static void Await(ServerProcess server) => Await(() => server.ProcessorTime.TotalMilliseconds);

    private static void Await(Func<double> used)
    {
        var start = Stopwatch.GetTimestamp();
        double before;
        do
        {
            before = used();
            Thread.Sleep(Look);
        }
        while (used() - before > Still && Stopwatch.GetElapsedTime(start) < Patience);
    }
}
