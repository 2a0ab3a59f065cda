using SecuTicket.Cli.Client;
using SecuTicket.Core.Gate;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Cli.Gates;

/// <summary>Fetches a roster or what changed, believes it only after all checks, and keeps it.</summary>
/// <param name="run">The run.</param>
/// <param name="client">The node.</param>
/// <param name="folder">The gate's folder, locked.</param>
/// <param name="pin">Whom the gate trusts.</param>
/// <param name="verifier">Checks signatures.</param>
internal sealed class RosterFetch(Run run, SecuTicketClient client, GateFolder folder, GatePin pin, TransactionVerifier verifier)
{
    /// <summary>Does it.</summary>
    /// <param name="full">Whether the whole roster is wanted, even an older one.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The exit code.</returns>
    public async Task<int> DoAsync(bool full, CancellationToken cancellation)
    {
        var kept = full ? null : Kept();
        var from = folder.Roster.ChangeCount < RosterFiles.MaxChanges ? kept : null;
        var answer = await AskAsync(from, cancellation);
        if (answer.Refusal is not null) return run.Fail(answer);

        GateSync.CompareClocks(run, answer);
        if (!Checked(answer, kept, from).TryGet(out var fetched, out var refusal) && refusal.Code == GateRefusals.RosterMismatch)
        {
            run.Say($"{refusal.Detail} Fetching it.");
            answer = await AskAsync(null, cancellation);
            if (answer.Refusal is not null) return run.Fail(answer);

            Checked(answer, kept, null).TryGet(out fetched, out refusal);
        }

        return refusal is null ? Keep(answer, fetched!, kept) : GateCommands.Fail(run, refusal with { Detail = $"{refusal.Detail} Nothing of it is kept." });
    }

    // What is damaged on the disk is replaced by what the node says.
    private GateRoster? Kept()
    {
        if (!folder.Roster.Any) return null;
        if (folder.Roster.Load(pin.Source, verifier).TryGet(out var roster, out var refusal)) return roster;

        run.Say($"The roster that is kept can not be used: {refusal.Detail}");
        return null;
    }

    private Task<NodeAnswer> AskAsync(GateRoster? from, CancellationToken cancellation) => client.GetAsync(
        from is null ? $"/gate/roster?event_id={pin.Event}" : $"/gate/roster?event_id={pin.Event}&since={from.Head.At.Version}&tip={from.Head.At.Tip}",
        cancellation);

    private Verdict<Fetched> Checked(NodeAnswer answer, GateRoster? kept, GateRoster? from)
    {
        if (!GateRoster.Read(answer.Body.Span, pin.Source, verifier).TryGet(out var said, out var refusal)) return refusal;
        if (kept is not null && said.Head.At.Version < kept.Head.At.Version)
        {
            return new Refusal(
                GateRefusals.RosterOlder,
                $"The node's roster is of block {said.Head.At.Version}, older than the one that is kept (block {kept.Head.At.Version}). If the node really started anew, say --full.");
        }

        if (said.Head.IsFull) return new Fetched(said, said);
        if (from is null) return new Refusal(GateRefusals.RosterMalformed, "The node told only changes where the whole roster was asked for.");

        return from.With(said).TryGet(out var roster, out refusal) ? new Fetched(said, roster) : refusal;
    }

    private int Keep(NodeAnswer answer, Fetched fetched, GateRoster? kept)
    {
        var head = fetched.Roster.Head;
        // No block since: what is kept says the same.
        if (kept is null || kept.Head.At != head.At) folder.Roster.Keep(answer.Body, fetched.Said.Head.IsFull);
        (pin with { SyncedAt = run.Surroundings.Clock.GetUtcNow().ToUnixTimeSeconds() }).Save(folder);

        if (run.Json)
        {
            run.Printer.Raw(answer.Body.Span);
            return ExitCode.Done;
        }

        run.Printer.Fields(
            ("event", head.Event.Name),
            ("tickets", fetched.Roster.Count.ToString()),
            (fetched.Said.Head.IsFull ? "fetched" : "changed", fetched.Said.Count.ToString()),
            ("height", head.At.Version.ToString()),
            ("age", "0 s"),
            ("gates", head.Event.Gates.Count.ToString()),
            ("node", head.Node.ToString()),
            ("folder", folder.Path));
        return ExitCode.Done;
    }

    /// <summary>An answer and the roster that it makes with what was kept.</summary>
    private sealed record Fetched(GateRoster Said, GateRoster Roster);
}
