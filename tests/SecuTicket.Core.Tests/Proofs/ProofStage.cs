using System.Globalization;
using System.Text.Json.Nodes;
using SecuTicket.Core.Blocks;
using SecuTicket.Core.Consensus;
using SecuTicket.Core.Consensus.ProofOfWork;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Proofs;
using SecuTicket.Core.Specification;
using SecuTicket.Core.Tests.Chain;
using SecuTicket.Core.Tests.Ledger;
using SecuTicket.Core.Tests.Specification;
using SecuTicket.Core.Tests.Transactions;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Core.Tests.Proofs;

/// <summary>A small chain in which a ticket is issued, bought and resold, and proofs of it.</summary>
internal sealed class ProofStage
{
    private const int Difficulty = 3;
    private readonly Scenario _people;

    public ProofStage()
    {
        Spec = TestSpec.Of(Difficulty, reward: 100);
        Chain = new TestChain(Spec);
        _people = new Scenario(Spec);
        var created = Sign("organiser", Wish.CreateEvent(new { resale = "free" }));
        Event = EventId.Of(created.Id);
        Ticket = IssueTickets.TicketOf(Event, 0, "A-1");
        Mine(created);
        Mine(Sign("organiser", Wish.Issue(Event, 0, "A-1", "A-2")));
        Mine(Sign("fan A", Wish.Purchase(Ticket, 0)), Sign("fan A", Wish.Record(new { a = 1 })), Sign("fan B", Wish.Record(new { b = 2 })), Sign("fan C", Wish.Record(new { c = 3 })));
        Mine(Sign("fan A", Wish.List(Ticket, 0)));
        for (var i = 0; i < 3; i++) Mine();
    }

    public ChainSpec Spec { get; }

    public TestChain Chain { get; }

    public EventId Event { get; }

    public TicketId Ticket { get; }

    public List<Block> Blocks { get; } = [];

    public long Now => Chain.Now;

    public ProofOfWorkVerifier Seals => new(Spec, TestChain.Keys);

    public SealedHeader[] Headers => [Spec.Genesis.SealedHeader, .. Blocks.Select(block => block.SealedHeader)];

    public VerifiedTransaction Sign(Person who, Wish wish, Person? with = null, long? validUntil = null) => _people.Sign(who, wish, with, validUntil);

    public Block Mine(params VerifiedTransaction[] transactions)
    {
        var block = Chain.Block(transactions: transactions);
        Chain.Accepts(block);
        Blocks.Add(block.Block);
        return block.Block;
    }

    public InclusionProof Prove(long block, int position, bool ofTicket = true) => Prove(Blocks[(int)block - 1], position) with { Ticket = ofTicket ? Ticket : null };

    public InclusionProof Prove(Block block, int position) => new(
        Spec.ChainId, block.Transactions[position], block.SealedHeader, MerkleTree.PathOf(block.Leaves(), position), [.. Headers.Where(one => one.Header.Index > block.Header.Index)]);

    public Verdict<Inclusion> Check(InclusionProof proof, IReadOnlyList<SealedHeader>? given = null) =>
        new InclusionVerifier(Spec, Seals, Scenario.Verifier).Verify(proof, given is null ? null : HeaderChain.Verify(Spec, Seals, given, Now).Value, Now);

    public string? Code(InclusionProof proof, IReadOnlyList<SealedHeader>? given = null) => Check(proof, given).Refusal?.Code;

    /// <summary>The proof as the HTTP contract writes it.</summary>
    public static JsonObject Write(InclusionProof proof)
    {
        var written = new JsonObject
        {
            ["chain_id"] = proof.ChainId,
            ["transaction"] = new JsonObject
            {
                ["transaction_id"] = proof.Transaction.Id.ToString(),
                ["status"] = "confirmed",
                ["block_index"] = proof.Block.Header.Index,
                ["payload"] = JsonNode.Parse(proof.Transaction.Payload.Canonical.Span),
                ["signatures"] = new JsonArray([.. proof.Transaction.Signatures.Select(Write)]),
            },
            ["block_header"] = Write(proof.Block),
            ["merkle_path"] = new JsonArray([.. proof.Path.Steps.Select(step => new JsonObject { ["hash"] = step.Hash.ToString(), ["side"] = step.Side == MerkleSide.Left ? "left" : "right" })]),
            ["leaf_index"] = proof.Path.Index,
            ["leaf_count"] = proof.Path.Count,
            ["headers_to_tip"] = new JsonArray([.. proof.HeadersToTip.Select(Write)]),
        };
        if (proof.Ticket is { } ticket) written["ticket_id"] = ticket.ToString();
        return written;
    }

    public static JsonObject Write(SealedHeader one)
    {
        var header = one.Header;
        var written = new JsonObject
        {
            ["index"] = header.Index,
            ["hash"] = header.Hash.ToString(),
            ["previous_hash"] = header.Previous.ToString(),
            ["timestamp"] = DateTimeOffset.FromUnixTimeMilliseconds(header.Timestamp).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
            ["nonce"] = header.Nonce,
            ["difficulty"] = header.Difficulty,
            ["transactions_root"] = header.TransactionsRoot.ToString(),
            ["sealer"] = header.Sealer.ToString(),
            ["header"] = Convert.ToHexStringLower(header.Encode()),
        };
        if (one.Seal is { } seal) written["seal"] = Write(seal);
        return written;
    }

    private static JsonObject Write(TransactionSignature signature)
    {
        var written = new JsonObject { ["scheme"] = signature.Assertion is null ? "p256" : "webauthn", ["public_key"] = signature.Key.ToString(), ["signature"] = signature.Value.ToString() };
        if (signature.Assertion is { } assertion) (written["authenticator_data"], written["client_data_json"]) = (assertion.AuthenticatorDataText, assertion.ClientDataText);
        return written;
    }
}
