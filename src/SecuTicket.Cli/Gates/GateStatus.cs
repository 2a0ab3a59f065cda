using System.CommandLine;
using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Gate;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Cli.Gates;

/// <summary><c>secuticket gate status</c></summary>
internal static class GateStatus
{
    /// <summary>The command.</summary>
    public static Command Build(Tool tool)
    {
        var symbols = new GateSymbols();
        return tool.Command("status", "Show what this gate keeps: its roster, its receipts, and what is not reported yet. No network, no wallet.", symbols.All, (run, _) => Task.FromResult(Do(run, symbols)));
    }

    private static int Do(Run run, GateSymbols symbols)
    {
        var folder = symbols.FolderOf(run);
        if (!GatePin.Load(folder, symbols.EventOf(run)).TryGet(out var pin, out var refusal)) return run.Fail(refusal);

        using var keys = new P256Verifier(capacity: 8);
        var verifier = new TransactionVerifier(keys);
        if (!folder.Roster.Load(pin.Source, verifier).TryGet(out var roster, out refusal)) return GateCommands.Fail(run, refusal);

        var gate = ReceiptLines.GateOf(folder, pin, verifier);
        if (!ReceiptLines.Read(folder, gate ?? default, pin, verifier).TryGet(out var kept, out refusal)) return GateCommands.Fail(run, refusal);
        if (!Reported.Load(folder, kept).TryGet(out var reported, out refusal)) return GateCommands.Fail(run, refusal);

        var json = JsonOf(run, pin, roster, gate, kept, reported);
        if (run.Json) run.Printer.Line(JsonValue.Object(json).ToString());
        else run.Printer.Fields([.. json.Select(static member => (member.Name, (string?)(member.Value.Kind == JsonKind.String ? member.Value.Text : member.Value.ToString())))]);
        return ExitCode.Done;
    }

    private static List<JsonMember> JsonOf(Run run, GatePin pin, GateRoster roster, Address? gate, ReceiptLines kept, Reported reported)
    {
        var members = new List<JsonMember>
        {
            new("event_id", JsonValue.Of(pin.Event.ToString())),
            new("event_name", JsonValue.Of(roster.Head.Event.Name)),
            new("node", JsonValue.Of(pin.Node.ToString())),
            new("height", JsonValue.Of(roster.Head.At.Version)),
            new("age_seconds", JsonValue.Of((long)GateCommands.AgeOf(run, pin).TotalSeconds)),
            new("tickets", JsonValue.Of(roster.Count)),
            new("receipts", JsonValue.Of(kept.Receipts.Count)),
            new("not_uploaded", JsonValue.Of(kept.Receipts.Count - reported.Uploaded)),
        };
        if (gate is { } address) members.Add(new("gate", JsonValue.Of(address.ToString())));
        foreach (var group in kept.Receipts.GroupBy(static one => one.Receipt.Result).OrderByDescending(static group => group.Key))
            members.Add(new(GateResultWords.Of(group.Key), JsonValue.Of(group.Count())));
        return members;
    }
}
