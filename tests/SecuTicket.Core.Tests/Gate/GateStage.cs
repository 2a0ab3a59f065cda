using System.Buffers;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Gate;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Tests.Ledger;
using SecuTicket.Core.Tests.Transactions;

namespace SecuTicket.Core.Tests.Gate;

/// <summary>An event with one ticket of each status, two gates, and rosters of it signed by a node.</summary>
internal sealed class GateStage
{
    public const string ChainId = "test-chain";

    public static readonly Person Node = "node";
    public static readonly Person Organiser = "organiser";
    public static readonly Person North = "gate north";
    public static readonly Person South = "gate south";
    public static readonly Person Alice = "alice";
    public static readonly Person Bob = "bob";

    public GateStage()
    {
        Event = Ledger.Creates(Organiser, gates: [North, South], sessions: 2);
        Unsold = Ledger.Issues(Organiser, Event, "A-1");
        Sold = Bought("A-2");
        Listed = Bought("A-3");
        Redeemed = Bought("A-\"4\"\\");
        Revoked = Bought("A-5");
        Ledger.Does(Alice, Wish.List(Listed, 5_000));
        Ledger.Does(North, Wish.Redeem(Redeemed));
        Ledger.Does(Organiser, Wish.Revoke(Revoked));
    }

    public Scenario Ledger { get; } = new();

    public EventId Event { get; }

    public TicketId Unsold { get; }

    public TicketId Sold { get; }

    public TicketId Listed { get; }

    public TicketId Redeemed { get; }

    public TicketId Revoked { get; }

    public static GateJudge Judge { get; } = new(ChainId, Scenario.Verifier);

    public RosterSource Source => new(ChainId, Event, Node.Address);

    public GateScope Scope => new(ChainId, North.Address, Event);

    public TicketId Bought(string seat)
    {
        var ticket = Ledger.Issues(Organiser, Event, seat);
        Ledger.Funds(Alice, 5_000);
        Ledger.Does(Alice, Wish.Purchase(ticket, 5_000));
        return ticket;
    }

    /// <summary>A block of the chain, by its index and a name for its branch.</summary>
    public static RosterPoint Point(long index, string branch = "main") => new(index, Hash256.Sha256(System.Text.Encoding.UTF8.GetBytes($"{branch} {index}")));

    public RosterHead Head(RosterPoint at, RosterPoint? since = null) => new(ChainId, Node.Address, RosterEvent.Of(Ledger.State.Events.Find(Event)!), at, since);

    /// <summary>The roster as the ledger stands.</summary>
    public byte[] Roster(RosterPoint? since = null, RosterPoint? at = null) =>
        Write(Head(at ?? Point(Ledger.BlockIndex), since), RosterEntry.AllOf(Ledger.State, Event, since?.Version));

    public static byte[] Write(RosterHead head, IEnumerable<RosterEntry> entries, Person? node = null)
    {
        var output = new ArrayBufferWriter<byte>();
        RosterWriter.Write(output, head, entries, digest => (node ?? Node).Sign(digest));
        return output.WrittenSpan.ToArray();
    }

    public Verdict<GateRoster> Read(ReadOnlySpan<byte> utf8) => GateRoster.Read(utf8, Source, Scenario.Verifier);

    public static string Code(Person holder, TicketId ticket, long at, string chainId = ChainId)
    {
        var signature = holder.Sign(GateCode.Digest(chainId, ticket, (uint)at));
        return new GateCode(ticket, (uint)at, signature.Key, signature.Value).Format();
    }

    public static SignedReceipt Sign(GateReceipt receipt, Person? by = null)
    {
        var signature = (by ?? North).Sign(receipt.Hash);
        return new SignedReceipt(receipt, new ReceiptProof.P256(signature.Key, signature.Value));
    }
}
