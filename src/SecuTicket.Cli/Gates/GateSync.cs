using System.CommandLine;
using System.Globalization;
using SecuTicket.Cli.Client;
using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Gate;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Cli.Gates;

/// <summary><c>secuticket gate sync</c></summary>
internal static class GateSync
{
    /// <summary>How far this device's clock may be off the node's without a warning: codes are good for 30 s either way.</summary>
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(5);

    /// <summary>The command.</summary>
    public static Command Build(Tool tool)
    {
        var symbols = new GateSymbols();
        var nodeKey = Symbols.Address("--node-key", "The account of the node whose rosters are trusted (`node info` there, told by the organiser). Replaces the one trusted so far.");
        var full = new Option<bool>("--full") { Description = "Fetch the whole roster, also where changes would do, and even if it is older than what is kept." };
        return tool.Command(
            "sync",
            "Fetch the event's roster from the node, check its signature, and keep it for scanning without a network.",
            [.. symbols.All, nodeKey, full],
            (run, cancellation) => DoAsync(run, symbols, run.Get(nodeKey), run.Get(full), cancellation));
    }

    private static async Task<int> DoAsync(Run run, GateSymbols symbols, string? nodeKey, bool full, CancellationToken cancellation)
    {
        if (!run.Connect().TryGet(out var client, out var refusal)) return run.Fail(refusal);

        var folder = symbols.FolderOf(run);
        if (!folder.Lock(GateFolder.NetworkLock).TryGet(out var held, out refusal)) return run.Fail(refusal);

        using (held)
        using (var keys = new P256Verifier(capacity: 8))
        {
            if (!(await PinAsync(run, folder, symbols.EventOf(run), nodeKey, client, cancellation)).TryGet(out var pin, out refusal)) return run.Fail(refusal);

            return await new RosterFetch(run, client, folder, pin, new TransactionVerifier(keys)).DoAsync(full, cancellation);
        }
    }

    private static async Task<Verdict<GatePin>> PinAsync(Run run, GateFolder folder, EventId id, string? nodeKey, SecuTicketClient client, CancellationToken cancellation)
    {
        // It was judged when the command line was read.
        var stated = nodeKey is not null && Address.TryParse(nodeKey, out var named) ? named : (Address?)null;
        if (File.Exists(folder.PinFile))
        {
            if (!GatePin.Load(folder, id).TryGet(out var pin, out var refusal)) return refusal;
            if (stated is null || stated == pin.Node) return pin;

            run.Say($"Asking for a roster by {stated}; those so far are by {pin.Node}, who is no longer trusted once it is here.");
            return pin with { Node = stated.Value };
        }

        if (!(await client.IdentifyAsync(cancellation)).TryGet(out var node, out var unreachable)) return unreachable;
        if (stated is null)
        {
            if (!Address.TryParse(node.Node, out var first)) throw new UnreadableAnswerException("The answer's node is no address.");

            stated = first;
            run.Say($"Trusting the node {first} from now on, because it is the first one asked: compare with what the organiser says, or state it with --node-key.");
        }

        return new GatePin(node.ChainId, id, stated.Value, null);
    }

    /// <summary>Warns when this device's clock is not the node's: codes are judged by it.</summary>
    public static void CompareClocks(Run run, NodeAnswer answer)
    {
        if (answer.Date is not { } date) return;

        // The header has whole seconds, cut off: half of one is the best guess.
        var ahead = run.Surroundings.Clock.GetUtcNow() - date - TimeSpan.FromSeconds(0.5);
        if (ahead.Duration() <= ClockTolerance) return;

        var far = string.Create(CultureInfo.InvariantCulture, $"{ahead.Duration().TotalSeconds:0} s {(ahead > TimeSpan.Zero ? "ahead of" : "behind")}");
        run.Say($"Warning: this device's clock is {far} the node's. Codes are good for {GateJudge.GoodForSeconds} s: set the clock before the doors open.");
    }
}
