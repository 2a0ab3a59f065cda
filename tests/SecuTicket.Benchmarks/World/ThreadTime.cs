using System.Runtime.InteropServices;

namespace SecuTicket.Benchmarks.World;

/// <summary>Processor time of the thread that asks, without the compiler's and the collector's threads; of its process where the system does not tell.</summary>
internal static class ThreadTime
{
    private const int ThreadClock = 3;
    private const int NanosecondsPerTick = 100;

    /// <summary>What was used so far.</summary>
    public static TimeSpan Used => OperatingSystem.IsLinux() && clock_gettime(ThreadClock, out var time) == 0
        ? TimeSpan.FromTicks((time.Seconds * TimeSpan.TicksPerSecond) + (time.Nanoseconds / NanosecondsPerTick))
        : Environment.CpuUsage.TotalTime;

    // CLOCK_THREAD_CPUTIME_ID, clock_gettime(2).
    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int clock_gettime(int clock, out Moment time);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Moment
    {
        public readonly nint Seconds;
        public readonly nint Nanoseconds;
    }
}
