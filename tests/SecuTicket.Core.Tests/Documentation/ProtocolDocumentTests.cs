using System.Security.Cryptography;
using System.Text.RegularExpressions;
using SecuTicket.Core.Blocks;
using SecuTicket.Core.Consensus;
using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Ledger.Rules;
using SecuTicket.Core.Ledger.Stakes;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;
using SecuTicket.Core.Tests.Architecture;
using SecuTicket.Core.Tests.Blocks;
using SecuTicket.Core.Tests.Gate;
using SecuTicket.Core.Tests.Ledger;
using SecuTicket.Core.Tests.Transactions;
using SecuTicket.Core.Tests.Vectors;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Core.Tests.Documentation;

/// <summary>docs/protocol.md says what the code does: every vector printed there is computed here, every code and every type is named.</summary>
public partial class ProtocolDocumentTests
{
    private static readonly string Text = File.ReadAllText(Path.Combine(Repository.Root, "docs", "protocol.md")).ReplaceLineEndings("\n");

    [Fact]
    public void Every_vector_printed_is_what_the_code_computes_and_every_one_computed_is_printed()
    {
        var printed = Vectors().ToDictionary();
        var computed = Computed();

        printed.Keys.Should().BeEquivalentTo(computed.Keys);
        foreach (var (name, value) in computed) printed[name].Should().Be(value, "{0} is so", name);
    }

    [Fact]
    public void The_printed_block_holds_the_printed_transactions_under_the_printed_header()
    {
        var printed = Vectors().ToDictionary();
        var block = Block.Decode(Convert.FromHexString(printed["block.bytes"]), 2).Value;

        Convert.ToHexStringLower(block.Header.Encode()).Should().Be(printed["header.bytes"]);
        block.Transactions.Select(transaction => transaction.Leaf.ToString()).Should().Equal(printed["reward.leaf"], printed["transaction.leaf"]);
        VerifiedBlock.Verify(block, Scenario.Verifier).IsAccepted.Should().BeTrue();
        Core.Consensus.ProofOfWork.ProofOfWork.LeadingZeroBits(block.Hash.Span).Should().BeGreaterThanOrEqualTo(16);
    }

    [Fact]
    public void Sample_signatures_verify_with_the_platform_alone()
    {
        var printed = Vectors().ToDictionary();
        var key = Convert.FromHexString(printed["signature.public_key"]);
        using var ecdsa = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = key[1..33], Y = key[33..] } });

        ecdsa.VerifyData(Convert.FromHexString(printed["id.payload.hex"]), Convert.FromHexString(printed["signature.sample"]), HashAlgorithmName.SHA256).Should().BeTrue("signing the bytes with SHA-256 is signing the id");
        var code = GateCode.Parse(printed["gate.code_sample"]).Value;
        ecdsa.VerifyHash(Convert.FromHexString(printed["gate.digest"]), code.Signature.Span).Should().BeTrue();
        (code.Ticket.ToString(), code.At.ToString()).Should().Be((printed["gate.ticket"], printed["gate.seconds"]));
    }

    [Fact]
    public void The_table_of_refusal_codes_has_every_code_once()
    {
        var table = Text[Text.IndexOf("\n## Refusal codes\n", StringComparison.Ordinal)..];
        var codes = typeof(RefusalCodes).GetFields().Select(field => (string)field.GetRawConstantValue()!);

        CodeRow().Matches(table).Select(row => row.Groups[1].Value).Should().BeEquivalentTo(codes);
    }

    [Fact]
    public void Every_type_has_its_fields_and_its_rules()
    {
        Heading().Matches(Text).Select(heading => heading.Groups[1].Value).Should().BeEquivalentTo([.. OperationTypes.All, Reward.TypeName]);
        var rules = Text[Text.IndexOf("\n## The ledger's rules\n", StringComparison.Ordinal)..Text.IndexOf("\n## Gate code\n", StringComparison.Ordinal)];
        CodeRow().Matches(rules).Select(row => row.Groups[1].Value).Should().BeEquivalentTo(OperationTypes.All);
    }

    [Fact]
    public void Every_code_mentioned_is_a_code()
    {
        var rules = Text[Text.IndexOf("\n## A block's checks", StringComparison.Ordinal)..Text.IndexOf("\n## Gate code\n", StringComparison.Ordinal)];
        var codes = typeof(RefusalCodes).GetFields().Select(field => (string)field.GetRawConstantValue()!).ToHashSet();
        // Fields and words of the payload that stand among the codes.
        string[] others =
        [
            .. OperationTypes.All, "reward", "valid_until", "max_block_transactions", "sale_opens_at", "max_price_percent", "max_resales", "opens_at", "closes_at", "refund_percent", "until", "resales", "resale",
            "transfer", "face_value", "capped", "free", "identity_commitment", "webauthn", "origin", "origins",
        ];

        Quoted().Matches(rules).Select(match => match.Groups[1].Value).Distinct().Except(others).Except(codes).Should().BeEmpty();
    }

    private static Dictionary<string, string> Computed()
    {
        var purchase = GoldenBlock.Purchase;
        var (spec, genesis) = (DevelopmentChain.Spec, DevelopmentChain.Spec.Genesis);
        var list = Convert.ToHexStringLower(purchase.Encode().AsSpan(sizeof(int) + purchase.Payload.Canonical.Length));
        var at = TestVectors.At("gate_code", "at").GetUInt32();
        TicketId.TryParse(TestVectors.Text("gate_code", "ticket_id"), out var ticket).Should().BeTrue();
        var eventId = EventId.Of(Hash256.Sha256(CanonicalJson.Write(VectorTests.Json(1))));
        var secret = Convert.FromHexString(TestVectors.Text("transactions", 0, "hmac_secret"));
        var computed = new Dictionary<string, string>
        {
            ["json.max_depth"] = $"{CanonicalJson.MaxDepth}",
            ["json.max_bytes"] = $"{CanonicalJson.MaxSize}",
            ["json.max_integer"] = $"{CanonicalJson.MaxInteger}",
            ["json.of_names_beyond_the_basic_plane"] = Convert.ToHexStringLower(CanonicalJson.Write(VectorTests.Json(2))),
            ["json.of_escapes"] = Convert.ToHexStringLower(CanonicalJson.Write(VectorTests.Json(1))),
            ["id.payload"] = System.Text.Encoding.UTF8.GetString(purchase.Payload.Canonical.Span),
            ["id.payload.hex"] = Convert.ToHexStringLower(purchase.Payload.Canonical.Span),
            ["id.transaction"] = $"{purchase.Id}",
            ["id.creating_transaction"] = $"{Hash256.Sha256(CanonicalJson.Write(VectorTests.Json(1)))}",
            ["id.event"] = $"{eventId}",
            ["id.ticket.canonical"] = TestVectors.Text("ticket_id", "canonical"),
            ["id.ticket"] = $"{IssueTickets.TicketOf(eventId, 0, "A-1")}",
            ["id.record_transaction"] = $"{Payload.From(VectorTests.Json(2)).Value.Id}",
            ["signature.digest"] = $"{purchase.Id}",
            ["signature.public_key"] = $"{purchase.Signatures[0].Key}",
            ["signature.sample"] = $"{purchase.Signatures[0].Value}",
            ["signature.hmac_secret"] = Convert.ToHexStringLower(secret),
            ["signature.hmac"] = Convert.ToHexStringLower(HMACSHA256.HashData(secret, purchase.Payload.Canonical.Span)),
            ["limit.nonce"] = $"{Payload.MinNonceLength} {Payload.MaxNonceLength}",
            ["limit.validity_seconds"] = $"{Payload.MaxValiditySeconds}",
            ["limit.amount"] = $"{Operation.MaxAmount}",
            ["limit.moment"] = $"{Operation.MaxMoment}",
            ["limit.name"] = $"{CreateEvent.MaxNameLength}",
            ["limit.sessions"] = $"{CreateEvent.MaxSessions}",
            ["limit.accounts"] = $"{CreateEvent.MaxAccounts}",
            ["limit.seats"] = $"{IssueTickets.MaxSeats}",
            ["limit.seat"] = $"{IssueTickets.MaxSeatLength}",
            ["limit.reference"] = $"{Operation.MaxReferenceLength}",
            ["limit.record_bytes"] = $"{Core.Transactions.Record.MaxDataSize}",
            ["limit.percent"] = $"{ResaleRules.MaxPercent}",
            ["limit.signatures"] = $"{TransactionSignature.MaxCount}",
            ["reward.payload"] = System.Text.Encoding.UTF8.GetString(GoldenBlock.Reward.Payload.Canonical.Span),
            ["reward.id"] = $"{GoldenBlock.Reward.Id}",
            ["reward.signature_list"] = Convert.ToHexStringLower(GoldenBlock.Reward.Encode().AsSpan(sizeof(int) + GoldenBlock.Reward.Payload.Canonical.Length)),
            ["reward.leaf"] = $"{GoldenBlock.Reward.Leaf}",
            ["transaction.signature_list"] = list,
            ["transaction.signature_list.sha256"] = $"{Hash256.Sha256(Convert.FromHexString(list))}",
            ["transaction.leaf"] = $"{purchase.Leaf}",
            ["transaction.bytes"] = Convert.ToHexStringLower(purchase.Encode()),
            ["header.transactions_root"] = $"{GoldenBlock.Block.ComputeTransactionsRoot()}",
            ["header.bytes"] = Convert.ToHexStringLower(GoldenBlock.Header.Encode()),
            ["header.hash"] = $"{GoldenBlock.Header.Hash}",
            ["block.bytes"] = Convert.ToHexStringLower(GoldenBlock.Block.Encode()),
            ["compact.short_id"] = $"{ShortId.Of(GoldenBlock.Header.Hash, purchase.Leaf).Value:x12}",
            ["compact.bytes"] = Convert.ToHexStringLower(CompactBlock.Of(GoldenBlock.Block).Encode()),
            ["spec.canonical"] = System.Text.Encoding.UTF8.GetString(spec.Canonical.Span),
            ["spec.hash"] = $"{spec.Hash}",
            ["spec.chain_hash"] = $"{spec.ChainHash}",
            ["genesis.header"] = Convert.ToHexStringLower(genesis.Header.Encode()),
            ["genesis.hash"] = $"{genesis.Hash}",
            ["time.median_span"] = $"{BlockTime.MedianSpan}",
            ["time.max_future_seconds"] = $"{spec.MaxFutureSeconds}",
            ["gate.ticket"] = $"{ticket}",
            ["gate.seconds"] = $"{at}",
            ["gate.message"] = TestVectors.Text("gate_code", "message_hex"),
            ["gate.digest"] = $"{GateCode.Digest("secuticket-dev", ticket, at)}",
            ["gate.code_sample"] = GateCode.Parse(TestVectors.Text("gate_code", "code_sample")).Value.Format(),
            ["certificate.account"] = $"{Address.Of(purchase.Signatures[0].Key)}",
        };
        var account = System.Text.Encoding.UTF8.GetBytes(computed["certificate.account"]);
        computed["certificate.signed"] = Convert.ToHexStringLower(account);
        computed["certificate.signed.sha256"] = $"{Hash256.Sha256(account)}";
        AddIdentity(computed, Address.Of(purchase.Signatures[0].Key));
        Hash256.Sha256(Convert.FromHexString(computed["gate.message"])).ToString().Should().Be(computed["gate.digest"]);
        for (var count = 0; count <= 8; count++) computed[$"merkle.{count}"] = $"{MerkleTree.Root([.. Enumerable.Range(0, count).Select(i => Hash256.Sha256([(byte)i]))])}";
        foreach (var (count, index) in ((int, int)[])[(2, 1), (3, 2), (5, 4), (7, 4), (7, 6)])
            computed[$"path.{count}.{index}"] = string.Join(' ', MerkleTree.PathOf([.. Enumerable.Range(0, count).Select(i => Hash256.Sha256([(byte)i]))], index).Steps.Select(step => $"{(step.Side == MerkleSide.Left ? 'L' : 'R')}{step.Hash}"));
        AddStakes(computed);
        for (var i = 0; i < 3; i++) AddKey(computed, i, TestVectors.Text("keys", i, "private_key"));
        foreach (var (name, value) in GateVectors.Of(eventId, ticket, secret)) computed.Add(name, value);
        foreach (var (name, value) in StakeVectors.Of(computed).Concat(PasskeyVectors.Computed())) computed.Add(name, value);
        return computed;
    }

    private static void AddKey(Dictionary<string, string> computed, int index, string scalar)
    {
        using var key = P256PrivateKey.FromScalar(Convert.FromHexString(scalar));
        var point = new byte[PublicKey.Size];
        key.CopyPublicKey(point);
        var publicKey = new PublicKey(point);
        var compressed = new byte[PublicKey.CompressedSize];
        publicKey.WriteCompressed(compressed);
        computed[$"key.{index}.private"] = scalar;
        computed[$"key.{index}.public"] = $"{publicKey}";
        computed[$"key.{index}.compressed"] = Convert.ToHexStringLower(compressed);
        computed[$"key.{index}.address"] = $"{Address.Of(publicKey)}";
    }

    private static void AddStakes(Dictionary<string, string> computed)
    {
        computed["stake.max_genesis_validators"] = $"{StakeSpec.MaxGenesisValidators}";
        computed["stake.max_validators"] = $"{StakeSpec.MaxValidators}";
        computed["stake.max_withdrawals"] = $"{Validator.MaxWithdrawals}";
        computed["stake.open_blocks"] = $"{StakeRound.MaxOpen}";
        computed["stake.counted_misses"] = $"{StakeBlocks.MaxCountedMisses}";
        computed["stake.paid"] = $"{StakeBlocks.MaxPaid}";
        var seed = Hash256.Sha256("a seed"u8);
        var accounts = Enumerable.Range(0, 3).Select(i => TestVectors.Text("keys", i, "address")).Select(text => Address.TryParse(text, out var address) ? address : throw new InvalidDataException(text)).Order();
        var table = new StakeTable(0, [.. accounts.Select(account => KeyValuePair.Create(account, 100L))]);
        computed["stake.draw.seed"] = $"{seed}";
        computed["stake.draw.slots_0_to_5"] = string.Join(' ', Enumerable.Range(0, 6).Select(slot => table.Draw(seed, slot)));
    }

    private static void AddIdentity(Dictionary<string, string> computed, Address holder)
    {
        var identity = CanonicalJson.Write(CanonicalJson.Parse("""{ "name": "Léo", "born": "1990-02-01" }"""u8).Value);
        var salt = Hash256.Sha256("a salt"u8);
        computed["identity.canonical"] = System.Text.Encoding.UTF8.GetString(identity);
        computed["identity.salt"] = $"{salt}";
        computed["identity.message"] = Convert.ToHexStringLower([.. "SecuTicket identity"u8, .. salt.Span, .. identity]);
        computed["identity.commitment"] = $"{IdentityCommitment.Of(salt, identity)}";
        var receipt = new ErasureReceipt(holder, IdentityCommitment.Of(salt, identity), "2027-06-15T18:00:00.000Z", "secuticket-dev", holder);
        computed["erasure.canonical"] = System.Text.Encoding.UTF8.GetString(CanonicalJson.Write(receipt.ToJson()));
        computed["erasure.digest"] = $"{receipt.Digest()}";
    }

    private static IEnumerable<KeyValuePair<string, string>> Vectors() =>
        from Match block in VectorBlock().Matches(Text)
        from line in block.Groups[1].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        let parts = line.Split(" = ", 2)
        select KeyValuePair.Create(parts[0], parts[1]);

    [GeneratedRegex("```vector\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex VectorBlock();

    [GeneratedRegex(@"^\| `(\w+)` \|", RegexOptions.Multiline)]
    private static partial Regex CodeRow();

    [GeneratedRegex(@"^### `(\w+)`$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"`([a-z_]+)`")]
    private static partial Regex Quoted();
}
