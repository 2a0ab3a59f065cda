using System.Globalization;
using SecuTicket.Cli.Client;
using SecuTicket.Core.Gate;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;
using SecuTicket.Node.Storage;

namespace SecuTicket.Cli.Gates;

/// <summary>A roster on disk: a full answer and the changes after it, byte for byte as they were signed. They are checked again each time they are read.</summary>
/// <remarks>
/// Files are numbered and never changed. A full one makes those before it history; the one before stays until the next, so that a reader who has just listed
/// the folder still finds what it listed.
/// </remarks>
/// <param name="folder">The gate's folder.</param>
internal sealed class RosterFiles(string folder)
{
    /// <summary>Most changes that are kept after a full roster: then a full one is due again, as each is read whenever the gate starts.</summary>
    public const int MaxChanges = 32;

    private const string Full = "full";
    private const string Changes = "changes";

    /// <summary>Changes kept after the last full roster.</summary>
    public int ChangeCount => Math.Max(0, Current().Count - 1);

    /// <summary>Whether there is any roster.</summary>
    public bool Any => Current().Count > 0;

    /// <summary>Reads and checks what is kept.</summary>
    /// <param name="source">Whose roster of what is expected.</param>
    /// <param name="verifier">Checks signatures.</param>
    /// <returns>The roster as it is after all changes; <c>file</c> when there is none; or what is wrong with it, naming the file.</returns>
    public Verdict<GateRoster> Load(RosterSource source, TransactionVerifier verifier)
    {
        var files = Current();
        if (files.Count == 0) return new Refusal(FailureCodes.File, $"There is no roster of event {source.Event} in '{folder}' yet. With a network: secuticket gate sync {source.Event}");

        GateRoster? roster = null;
        foreach (var file in files)
        {
            if (new FileInfo(file.Path).Length > ClientOptions.DefaultMaxAnswerSize)
                return new Refusal(GateRefusals.RosterMalformed, $"'{file.Path}' is larger than any roster that is fetched.");
            if (!GateRoster.Read(File.ReadAllBytes(file.Path), source, verifier).TryGet(out var next, out var refusal)) return Named(file, source, refusal);
            if (!(roster is null ? next : roster.With(next)).TryGet(out roster, out refusal)) return Named(file, source, refusal);
        }

        return roster!;
    }

    /// <summary>Keeps an answer durably, after what is there.</summary>
    /// <param name="answer">The answer's bytes, checked by the caller.</param>
    /// <param name="isFull">Whether it is a full roster.</param>
    public void Keep(ReadOnlyMemory<byte> answer, bool isFull)
    {
        var all = All();
        var number = all.Count == 0 ? 1 : all[^1].Number + 1;
        var name = string.Create(CultureInfo.InvariantCulture, $"roster-{number:D8}-{(isFull ? Full : Changes)}.json");
        DurableFiles.Create(Path.Combine(folder, name), unfinished => File.WriteAllBytes(unfinished, answer.Span));
        if (!isFull) return;

        var before = all.FindLastIndex(static file => file.IsFull);
        foreach (var file in all.Take(Math.Max(0, before))) File.Delete(file.Path);
    }

    private List<RosterFile> Current()
    {
        var all = All();
        var last = all.FindLastIndex(static file => file.IsFull);
        return last < 0 ? [] : all[last..];
    }

    private List<RosterFile> All()
    {
        var files = new List<RosterFile>();
        if (!Directory.Exists(folder)) return files;

        foreach (var path in Directory.EnumerateFiles(folder, "roster-*.json"))
        {
            if (Path.GetFileNameWithoutExtension(path).Split('-') is [_, { Length: 8 } digits, Full or Changes] parts
                && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) files.Add(new RosterFile(path, number, parts[2] == Full));
        }

        files.Sort(static (left, right) => left.Number.CompareTo(right.Number));
        return files;
    }

    private static Refusal Named(RosterFile file, RosterSource source, Refusal refusal) =>
        refusal with { Detail = $"'{file.Path}': {refusal.Detail} Fetch the roster anew: secuticket gate sync {source.Event} --full" };

    private readonly record struct RosterFile(string Path, int Number, bool IsFull);
}
