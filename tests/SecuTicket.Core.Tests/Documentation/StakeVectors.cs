using System.Buffers.Binary;
using System.Text.Json.Nodes;
using SecuTicket.Core.Blocks;
using SecuTicket.Core.Consensus.ProofOfStake;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Ledger.Stakes;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;
using SecuTicket.Core.Tests.Vectors;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Core.Tests.Documentation;

/// <summary>The vectors of proof of stake in docs/protocol.md: three validators, their first draws, and the first block's header.</summary>
internal static class StakeVectors
{
    private const int Links = 4;

    private static readonly long[] Amounts = [100, 200, 700];

    public static IEnumerable<KeyValuePair<string, string>> Of(IReadOnlyDictionary<string, string> keys)
    {
        var computed = new Dictionary<string, string>();
        var accounts = Enumerable.Range(0, Amounts.Length).Select(i => AddressOf(keys[$"key.{i}.address"])).ToArray();
        var onions = Enumerable.Range(0, Amounts.Length).Select(i => new Onion(Hash256.Sha256(System.Text.Encoding.UTF8.GetBytes($"onion {i}")), Links)).ToArray();
        var spec = SpecOf(accounts, onions);
        var stakes = StakeState.Genesis(spec, spec.Stake!);
        var turns = stakes.TurnsAfter(spec.Stake!);
        var forgers = Enumerable.Range(1, 8).Select(slot => Array.IndexOf(accounts, turns.ForgerOf(slot)!.Value)).ToArray();
        var first = forgers[0];
        var header = new BlockHeader(
            BlockHeader.RevealingVersion, spec.ChainHash, 1, spec.Genesis.Hash, MerkleTree.Root([]), onions[first].Before(onions[first].Commitment)!.Value, spec.StartOf(1), 0, accounts[first], 0);
        computed["stake.spec"] = System.Text.Encoding.UTF8.GetString(spec.Canonical.Span);
        computed["stake.genesis.header"] = Convert.ToHexStringLower(spec.Genesis.Header.Encode());
        computed["stake.genesis.hash"] = $"{spec.Genesis.Hash}";
        computed["stake.genesis.seed"] = $"{turns.Seed}";
        computed["stake.draw.places"] = string.Join(' ', Enumerable.Range(1, 8).Select(slot => PlaceOf(turns.Seed, slot)));
        computed["stake.draw.keys"] = string.Join(' ', forgers);
        computed["stake.header"] = Convert.ToHexStringLower(header.Encode());
        computed["stake.header.hash"] = $"{header.Hash}";
        computed["stake.seed"] = $"{turns.After(header, spec).Seed}";

        var onion = Hash256.Sha256([.. "SecuTicket onion 1"u8, .. Convert.FromHexString(TestVectors.Text("keys", 0, "private_key")), 0, 0, 0, 0]);
        computed["onion.secret"] = $"{onion}";
        computed["onion.commitment"] = $"{new Onion(onion).Commitment}";
        AddPayload(computed, "stake", accounts[0], new() { ["amount"] = 25, ["commitment"] = computed["onion.commitment"] });
        AddPayload(computed, "unstake", accounts[0], new() { ["amount"] = 25 });
        AddPayload(computed, "vote", accounts[0], new() { ["source_index"] = 0, ["source"] = $"{spec.Genesis.Hash}", ["target_index"] = 1, ["target"] = $"{header.Hash}" });
        computed["limit.statement_bytes"] = $"{SignedStatement.MaxMessageSize}";
        return computed;
    }

    // Of these none lies in the range that is drawn again.
    private static ulong PlaceOf(Hash256 seed, long slot)
    {
        var input = new byte[Hash256.Size + sizeof(long) + sizeof(int)];
        seed.Span.CopyTo(input);
        BinaryPrimitives.WriteInt64BigEndian(input.AsSpan(Hash256.Size), slot);
        return BinaryPrimitives.ReadUInt64BigEndian(Hash256.Sha256(input).Span) % (ulong)Amounts.Sum();
    }

    private static ChainSpec SpecOf(Address[] accounts, Onion[] onions)
    {
        var json = new JsonObject
        {
            ["chain_id"] = "secuticket-stake",
            ["currency"] = "EUR",
            ["engine"] = "proof-of-stake",
            ["genesis_time"] = 1_767_225_600_000,
            ["reward"] = 0,
            ["stake"] = new JsonObject
            {
                ["slot_time"] = 2_000,
                ["validators"] = new JsonArray([.. accounts.Select((account, i) => new JsonObject { ["address"] = $"{account}", ["amount"] = Amounts[i], ["commitment"] = $"{onions[i].Commitment}" })]),
            },
        };
        return ChainSpec.Parse(System.Text.Encoding.UTF8.GetBytes(json.ToJsonString())).Value;
    }

    private static void AddPayload(Dictionary<string, string> computed, string type, Address sender, JsonObject fields)
    {
        foreach (var (name, value) in new (string, JsonNode)[] { ("type", type), ("chain_id", "secuticket-stake"), ("sender", $"{sender}"), ("nonce", "AAAAAAAAAAAAAAAA"), ("valid_until", 1_813_000_000) }) fields[name] = value;
        var payload = Payload.From(CanonicalJson.Parse(System.Text.Encoding.UTF8.GetBytes(fields.ToJsonString())).Value).Value;
        computed[$"{type}.payload"] = System.Text.Encoding.UTF8.GetString(payload.Canonical.Span);
        computed[$"{type}.id"] = $"{payload.Id}";
    }

    private static Address AddressOf(string text) => Address.TryParse(text, out var address) ? address : throw new FormatException(text);
}
