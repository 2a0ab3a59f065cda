using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;

namespace SecuTicket.Benchmarks.Micro;

/// <summary>Runs the micro figures in this process: BenchmarkDotNet's own way builds a project of its own, which needs packages that are not in every registry.</summary>
internal static class MicroFigures
{
    public static void Run(string[] arguments)
    {
        var config = ManualConfig.Create(DefaultConfig.Instance)
            .AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance).WithWarmupCount(3).WithIterationCount(5).WithIterationTime(TimeInterval.FromMilliseconds(200)))
            .WithArtifactsPath(Path.Combine(Path.GetTempPath(), "secuticket-micro"));
        BenchmarkSwitcher.FromTypes([typeof(EncodingFigures), typeof(CryptographyFigures), typeof(TrieFigures), typeof(AdmissionFigures), typeof(BlockFigures), typeof(CompactFigures)])
            .Run(arguments.Length == 0 ? ["--filter", "*"] : arguments.Any(word => word.StartsWith('-')) ? arguments : ["--filter", $"*{arguments[0]}*"], config);
    }
}
