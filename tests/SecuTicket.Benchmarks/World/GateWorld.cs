using System.Buffers;
using System.Globalization;
using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Gate;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Benchmarks.World;

/// <summary>The roster of an event as a gate gets it: tickets of a house with blocks, rows and seats, sold to as many holders.</summary>
internal sealed class GateWorld : IDisposable
{
    private const string ChainId = "secuticket-dev";
    private const int Keys = 256;

    private static readonly EventId Concert = new(Hash256.Sha256("concert"u8).Span[..EventId.Size]);

    // Room for one: a holder's key is never there when the holder comes.
    private readonly P256Verifier _keys = new(1);
    private readonly P256PrivateKey _node = P256PrivateKey.Generate();
    private readonly P256PrivateKey _gate = P256PrivateKey.Generate();
    private readonly P256PrivateKey[] _holders = [.. Enumerable.Range(0, Keys).Select(_ => P256PrivateKey.Generate())];

    public GateWorld(int tickets)
    {
        Verifier = new TransactionVerifier(_keys);
        Judge = new GateJudge(ChainId, Verifier);
        Source = new RosterSource(ChainId, Concert, AddressOf(_node));
        Scope = new GateScope(ChainId, AddressOf(_gate), Concert);
        var of = new RosterEvent(Concert, "Concert", "Grand Hall", [new Core.Transactions.Session(new DateOnly(2027, 6, 15), new TimeOnly(19, 0))], "Europe/Paris", [Scope.Gate], false);
        var head = new RosterHead(ChainId, Source.Node, of, new RosterPoint(12_345, Hash256.Sha256("tip"u8)), null);
        var output = new ArrayBufferWriter<byte>(200 * tickets);
        RosterWriter.Write(output, head, Enumerable.Range(0, tickets).Select(EntryOf), digest => Sign(_node, digest));
        Bytes = output.WrittenSpan.ToArray();
        Tickets = tickets;
    }

    public byte[] Bytes { get; }

    public int Tickets { get; }

    public TransactionVerifier Verifier { get; }

    public GateJudge Judge { get; }

    public RosterSource Source { get; }

    public GateScope Scope { get; }

    /// <summary>The gate's key; stays this world's.</summary>
    public P256PrivateKey Gate => _gate;

    public GateRoster Load() => GateRoster.Read(Bytes, Source, Verifier).TryGet(out var roster, out var refusal) ? roster : throw new BenchmarkFailedException(refusal.Detail);

    /// <summary>The code of a ticket's holder; of the first <see cref="Holders"/> tickets only.</summary>
    public string CodeOf(int ticket, long now)
    {
        var id = EntryOf(ticket).Ticket;
        var signature = Sign(_holders[ticket], GateCode.Digest(ChainId, id, (uint)now));
        return new GateCode(id, (uint)now, signature.Key, signature.Value).Format();
    }

    /// <summary>Holders whose codes can be made.</summary>
    public static int Holders => Keys;

    /// <summary>What a gate does about one scan: judge, and sign a receipt.</summary>
    public GateLog Scan(string code, long now, GateRoster roster, GateLog log)
    {
        var finding = Judge.Judge(code, now, roster, log);
        if (finding.Result != GateResult.Valid) throw new BenchmarkFailedException($"A right code was found {finding.Result}.");

        var receipt = log.Next(code, finding, now);
        Sign(_gate, receipt.Hash);
        return log.With(receipt).Value;
    }

    public void Dispose()
    {
        _keys.Dispose();
        _node.Dispose();
        _gate.Dispose();
        foreach (var holder in _holders) holder.Dispose();
    }

    private RosterEntry EntryOf(int ticket)
    {
        var seat = string.Create(CultureInfo.InvariantCulture, $"Block {ticket / 1_000} Row {ticket / 50 % 20} Seat {ticket % 50}");
        var owner = ticket < Keys ? AddressOf(_holders[ticket]) : new Address(Hash256.Sha256(BitConverter.GetBytes(ticket)).Span[..Address.Size]);
        return new RosterEntry(IssueTickets.TicketOf(Concert, 0, seat), 0, seat, owner, TicketStatus.Sold, null);
    }

    private static Address AddressOf(P256PrivateKey key) => Address.Of(KeyOf(key));

    private static PublicKey KeyOf(P256PrivateKey key)
    {
        Span<byte> point = stackalloc byte[PublicKey.Size];
        key.CopyPublicKey(point);
        return new PublicKey(point);
    }

    private static TransactionSignature Sign(P256PrivateKey key, Hash256 digest)
    {
        Span<byte> signature = stackalloc byte[Signature.Size];
        key.Sign(digest.Span, signature);
        return new TransactionSignature(SignatureScheme.P256, KeyOf(key), new Signature(signature));
    }
}
