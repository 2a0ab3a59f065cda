using SecuTicket.Core.Encoding;
using SecuTicket.Core.Gate;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Cli.Gates;

/// <summary>Whom a gate trusts, decided once: at pairing, or when it first fetched a roster. And when it last heard of that node.</summary>
/// <param name="ChainId">The chain.</param>
/// <param name="Event">The event.</param>
/// <param name="Node">The account of the node whose rosters are believed.</param>
/// <param name="SyncedAt">This device's clock when the roster was last found fresh, in unix seconds; null before.</param>
internal sealed record GatePin(string ChainId, EventId Event, Address Node, long? SyncedAt)
{
    private const int MaxSize = 4 * 1024;

    /// <summary>Whose roster of what is expected.</summary>
    public RosterSource Source => new(ChainId, Event, Node);

    /// <summary>Reads what was decided.</summary>
    /// <param name="folder">The gate's folder.</param>
    /// <param name="id">The event that the folder should be for.</param>
    /// <returns>It; or <c>file</c> when nothing is decided yet, the file is damaged, or it is of another event.</returns>
    public static Verdict<GatePin> Load(GateFolder folder, EventId id)
    {
        if (!File.Exists(folder.PinFile))
            return new Refusal(FailureCodes.File, $"There is no roster of event {id} in '{folder.Path}' yet. With a network: secuticket gate sync {id}");

        if (new FileInfo(folder.PinFile).Length > MaxSize || !CanonicalJson.Parse(File.ReadAllBytes(folder.PinFile)).TryGet(out var json, out _)) return Damaged(folder);

        var fields = FieldReader.Of(json);
        var pin = new GatePin(fields.Text("chain_id", 1, 64, static _ => true, "characters"), fields.Event("event_id"), fields.Account("node"), fields.OptionalMoment("synced_at"));
        if (fields.Finish() is not null) return Damaged(folder);

        return pin.Event == id
            ? pin
            : new Refusal(FailureCodes.File, $"The folder '{folder.Path}' is for event {pin.Event}, not {id}: name another with --gate-directory.");
    }

    /// <summary>Writes it down, in place of what was decided before.</summary>
    public void Save(GateFolder folder)
    {
        var fields = new List<JsonMember> { new("chain_id", JsonValue.Of(ChainId)), new("event_id", JsonValue.Of(Event.ToString())), new("node", JsonValue.Of(Node.ToString())) };
        if (SyncedAt is { } at) fields.Add(new("synced_at", JsonValue.Of(at)));
        GateFolder.Replace(folder.PinFile, JsonValue.Object(fields).ToString());
    }

    private static Refusal Damaged(GateFolder folder) =>
        new(FailureCodes.File, $"'{folder.PinFile}' is damaged. Delete it and say whom to trust again: secuticket gate sync EVENT --node-key ADDRESS");
}
