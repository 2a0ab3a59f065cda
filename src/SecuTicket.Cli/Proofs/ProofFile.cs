using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;
using SecuTicket.Node.Storage;

namespace SecuTicket.Cli.Proofs;

/// <summary>Files that a proof is checked with, and files that are kept of what a node answered.</summary>
internal static class ProofFile
{
    /// <summary>Reads a chain's specification.</summary>
    /// <returns>The specification, or <c>file</c>.</returns>
    public static Verdict<ChainSpec> ReadSpec(string path)
    {
        if (!BoundedFile.Read(path, TextFile.MaxSize).TryGet(out var bytes, out var refusal)) return refusal;

        return ChainSpec.Parse(bytes.Span).TryGet(out var spec, out refusal) ? spec : new Refusal(FailureCodes.File, $"'{path}' is no chain specification: {refusal.Detail}");
    }

    /// <summary>Writes a file, whole or not at all.</summary>
    /// <param name="path">Where.</param>
    /// <param name="replace">Whether an older one may be replaced.</param>
    /// <param name="write">Fills it.</param>
    /// <returns>Accepted, <c>file</c>, or why <paramref name="write"/> refused; then there is no file.</returns>
    public static async Task<Verdict> WriteAsync(string path, bool replace, Func<Stream, Task<Verdict>> write)
    {
        if (Directory.Exists(path)) return new Refusal(FailureCodes.File, $"'{path}' is a folder.");
        if (!replace && File.Exists(path)) return new Refusal(FailureCodes.File, $"'{path}' exists and is not replaced. Name another, or say --force.");

        var folder = Path.GetDirectoryName(path)!;
        if (!Directory.Exists(folder)) return new Refusal(FailureCodes.File, $"The folder '{folder}' does not exist.");

        // Nothing is written through a link that somebody else put under this name.
        var unfinished = DurableFiles.UnfinishedName(path);
        File.Delete(unfinished);
        try
        {
            var verdict = default(Verdict);
            await using (var file = new FileStream(unfinished, FileMode.CreateNew, FileAccess.Write))
            {
                verdict = await write(file);
                file.Flush(flushToDisk: true);
            }

            if (!verdict.IsAccepted) return verdict;

            File.Move(unfinished, path, overwrite: replace);
            DurableFiles.FlushFolder(folder);
            return verdict;
        }
        finally
        {
            File.Delete(unfinished);
        }
    }
}
