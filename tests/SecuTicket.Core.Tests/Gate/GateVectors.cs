using System.Buffers;
using System.Security.Cryptography;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Gate;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;
using SecuTicket.Core.Tests.Blocks;
using SecuTicket.Core.Tests.Vectors;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Core.Tests.Gate;

/// <summary>The vectors of rosters and receipts that docs/protocol.md prints.</summary>
internal static class GateVectors
{
    public static IEnumerable<KeyValuePair<string, string>> Of(EventId id, TicketId ticket, byte[] secret)
    {
        var gate = AddressOf(0);
        var head = new RosterHead(
            DevelopmentChain.ChainId, AddressOf(2), new RosterEvent(id, "Concert", "Hall", [new Session(new DateOnly(2027, 6, 15), new TimeOnly(19, 0))], null, [gate], false),
            new RosterPoint(1, GoldenBlock.Block.Hash), null);
        RosterEntry[] entries = [new(ticket, 0, "A-1", AddressOf(1), TicketStatus.Sold, null)];
        yield return KeyValuePair.Create("roster.signed", SignedPart(head, entries, out var digest));
        yield return KeyValuePair.Create("roster.digest", $"{digest}");
        yield return KeyValuePair.Create("roster.changes.signed", SignedPart(
            head with { Since = new RosterPoint(0, DevelopmentChain.Spec.Genesis.Hash) }, [entries[0] with { Status = TicketStatus.Redeemed, RedeemedAt = 1_812_999_995_000 }], out digest));
        yield return KeyValuePair.Create("roster.changes.digest", $"{digest}");

        var scope = new GateScope(DevelopmentChain.ChainId, gate, id);
        var first = new GateReceipt(scope, ticket, 1_812_999_995, GateResult.Valid, TestVectors.Text("gate_code", "code_sample"), default);
        var second = new GateReceipt(scope with { Event = null }, null, 1_812_999_999, GateResult.Invalid, GateReceipt.CodeOf("Ticket n\u00ba 1\r\n"), first.Hash);
        foreach (var (name, receipt) in new[] { ("receipt.0", first), ("receipt.1", second) })
        {
            yield return KeyValuePair.Create($"{name}.canonical", System.Text.Encoding.UTF8.GetString(receipt.ToCanonical()));
            yield return KeyValuePair.Create($"{name}.hash", $"{receipt.Hash}");
            yield return KeyValuePair.Create($"{name}.hmac", Convert.ToHexStringLower(HMACSHA256.HashData(secret, receipt.ToCanonical())));
        }
    }

    private static Address AddressOf(int key) => Address.TryParse(TestVectors.Text("keys", key, "address"), out var address) ? address : throw new InvalidOperationException($"Key {key} has no address.");

    private static string SignedPart(RosterHead head, RosterEntry[] entries, out Hash256 digest)
    {
        var output = new ArrayBufferWriter<byte>();
        Hash256 signed = default;
        RosterWriter.Write(output, head, entries, asked =>
        {
            signed = asked;
            return default;
        });
        digest = signed;
        return CanonicalJson.Parse(output.WrittenSpan).Value.Without("signature").ToString();
    }
}
