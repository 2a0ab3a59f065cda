using SecuTicket.Core.Primitives;
using SecuTicket.Node;
using SecuTicket.Node.Storage;

namespace SecuTicket.Cli.Chain;

/// <summary>The data directory of a node that does not run.</summary>
internal static class OfflineDirectory
{
    /// <summary>Opens it, does something with it and closes it.</summary>
    /// <returns>The exit code; <see cref="ExitCode.File"/> where the directory can not be used: a node runs on it, it holds another chain, or it is broken.</returns>
    public static int Use(Run run, Func<Verdict<OfflineChain>> open, Func<OfflineChain, int> use)
    {
        try
        {
            if (!open().TryGet(out var chain, out var refusal)) return run.Fail(new Refusal(FailureCodes.File, refusal.Detail));

            using (chain) return use(chain);
        }
        catch (Exception failure) when (failure is DataDirectoryException or StorageException)
        {
            return run.Fail(new Refusal(FailureCodes.File, failure.Message));
        }
    }
}
