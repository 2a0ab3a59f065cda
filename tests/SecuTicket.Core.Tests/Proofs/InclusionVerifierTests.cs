using SecuTicket.Core.Blocks;
using SecuTicket.Core.Consensus.ProofOfWork;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Proofs;
using SecuTicket.Core.Tests.Chain;
using SecuTicket.Core.Tests.Ledger;
using SecuTicket.Core.Tests.Transactions;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Core.Tests.Proofs;

/// <summary>S2.6: that a transaction is in the chain can be checked without a node.</summary>
public class InclusionVerifierTests
{
    private readonly ProofStage _stage = new();

    [Fact]
    public void Every_transaction_of_every_block_can_be_proven()
    {
        foreach (var block in _stage.Blocks)
        {
            for (var position = 0; position < block.Transactions.Count; position++)
            {
                var found = _stage.Check(_stage.Prove(block, position)).Value;

                found.Transaction.Id.Should().Be(block.Transactions[position].Id);
                (found.Block, found.Tip, found.Given).Should().Be((block.Header, _stage.Chain.Tip, null));
                found.Confirmations.Should().Be(_stage.Chain.Tip.Index - block.Header.Index + 1);
                found.Weight.Should().Be((UInt128)found.Confirmations << 3);
            }
        }
    }

    [Fact]
    public void A_passkey_s_transaction_is_proven_where_the_chain_takes_its_page()
    {
        var payload = _stage.Sign("fan A", Wish.Record("by a touch")).Payload;
        var block = _stage.Mine(Scenario.Verifier.Verify(new Transaction(payload, [new TestPasskey("fan A").Sign(payload.Id)])).Value);
        var proof = _stage.Prove(block, 1);
        WebOrigin.TryParse("https://another.example", out var another).Should().BeTrue();
        WebOrigin.TryParse(TestPasskey.Page, out var page).Should().BeTrue();

        _stage.Check(proof).Value.Transaction.Id.Should().Be(payload.Id);
        Verify(another).Refusal!.Detail.Should().Contain("takes no passkeys");
        Verify(another, page).IsAccepted.Should().BeTrue("one of its pages is enough");

        Verdict<Inclusion> Verify(params WebOrigin[] pages) => new InclusionVerifier(_stage.Spec with { PasskeyOrigins = [.. pages] }, _stage.Seals, Scenario.Verifier).Verify(proof, null, _stage.Now);
    }

    [Fact]
    public void A_ticket_is_proven_by_a_transaction_that_changes_it()
    {
        foreach (var (block, position) in ((long, int)[])[(2, 1), (3, 1), (4, 1)])
            _stage.Check(_stage.Prove(block, position)).Value.Ticket.Should().Be(_stage.Ticket);

        _stage.Code(_stage.Prove(3, 2)).Should().Be("not_found", "a record changes no ticket");
        _stage.Code(_stage.Prove(4, 1) with { Ticket = IssueTickets.TicketOf(_stage.Event, 0, "A-2") }).Should().Be("not_found");
        _stage.Code(_stage.Prove(2, 1) with { Ticket = IssueTickets.TicketOf(_stage.Event, 0, "A-3") }).Should().Be("not_found", "that seat was not issued");
    }

    [Fact]
    public void Headers_from_elsewhere_make_the_tip_a_fact()
    {
        var proof = _stage.Prove(3, 1);
        _stage.Mine();
        _stage.Mine();

        foreach (var given in (SealedHeader[][])[_stage.Headers, _stage.Headers[1..], _stage.Headers[3..], _stage.Headers[5..], _stage.Headers[..5], _stage.Headers[..4]])
        {
            var found = _stage.Check(proof, given).Value;

            found.Given.Should().NotBeNull();
            found.Tip.Should().Be(given[^1].Header, "it is the checker's tip, not the proof's");
            found.Confirmations.Should().Be(given[^1].Header.Index - 2);
            found.Weight.Should().Be((UInt128)found.Confirmations << 3);
        }

        _stage.Check(proof with { HeadersToTip = [] }, _stage.Headers).Value.Confirmations.Should().Be(7, "the proof may be as old as its block");
    }

    [Fact]
    public void A_block_that_is_not_on_the_given_branch_is_refused()
    {
        var proof = _stage.Prove(3, 1);
        var other = new TestChain(_stage.Spec);
        var fork = new List<SealedHeader> { _stage.Spec.Genesis.SealedHeader };
        foreach (var block in other.Branch(_stage.Blocks[1].Header, 7, "another sealer")) fork.Add(block.Block.SealedHeader);

        _stage.Code(proof, fork[1..]).Should().Be("invalid_link", "its block has another at its place");
        _stage.Code(proof, fork[4..]).Should().Be("invalid_link");
        _stage.Code(proof, _stage.Headers[..3]).Should().Be("invalid_link", "they end before its block");
        _stage.Code(proof with { HeadersToTip = [] }, _stage.Headers[4..]).Should().Be("invalid_link", "nothing leads from its block to them");
    }

    [Fact]
    public void Signatures_are_checked()
    {
        var proof = _stage.Prove(3, 1);
        InclusionProof With(EquatableArray<TransactionSignature> signatures) => proof with { Transaction = new Transaction(proof.Transaction.Payload, signatures) };

        _stage.Code(With([])).Should().Be("signature_missing");
        _stage.Code(With([((Person)"fan B").Sign(proof.Transaction.Id)])).Should().Be("signature_invalid");
        // A whole block of its own for a transaction that nobody signed: work, links and root are right.
        var forged = Forge(proof, new Transaction(proof.Transaction.Payload, [((Person)"fan A").Scribble()]));
        _stage.Code(forged).Should().Be("signature_invalid");
        _stage.Code(Forge(proof, proof.Transaction)).Should().BeNull("with the signature it is one, of a branch that weighs little");
        _stage.Code(Forge(proof, proof.Transaction), _stage.Headers).Should().Be("invalid_link");
    }

    [Fact]
    public void Root_links_and_work_are_checked()
    {
        var proof = _stage.Prove(3, 1);
        var lazy = proof.Block.Header;
        while (ProofOfWork.LeadingZeroBits(lazy.Hash.Span) >= lazy.Difficulty) lazy = lazy with { Nonce = lazy.Nonce + 1 };

        _stage.Code(proof with { Transaction = _stage.Prove(3, 2).Transaction, Ticket = null }).Should().Be("invalid_root");
        _stage.Code(proof with { Path = _stage.Prove(3, 2).Path }).Should().Be("invalid_root");
        _stage.Code(proof with { Path = proof.Path with { Count = 4 } }).Should().Be("invalid_root");
        _stage.Code(proof with { Block = _stage.Prove(4, 1).Block }).Should().Be("invalid_root");
        _stage.Code(proof with { HeadersToTip = [.. proof.HeadersToTip.Span[1..]] }).Should().Be("invalid_link");
        _stage.Code(proof with { HeadersToTip = [.. proof.HeadersToTip, proof.HeadersToTip[0]] }).Should().Be("invalid_link");
        _stage.Code(proof with { Block = new SealedHeader(lazy, null), HeadersToTip = [] }).Should().Be("invalid_work");
        _stage.Code(proof with { Block = new SealedHeader(lazy, null) }).Should().Be("invalid_work");
    }

    [Fact]
    public void Another_chain_s_proof_is_refused_as_such()
    {
        _stage.Code(_stage.Prove(3, 1) with { ChainId = "another" }).Should().Be("wrong_chain");
        var reward = new Transaction(Payload.OfReward("another", default, 100, 3), []);
        _stage.Code(_stage.Prove(3, 0, ofTicket: false) with { Transaction = reward }).Should().Be("wrong_chain");
    }

    [Fact]
    public void What_a_header_says_of_time_and_reward_is_held_against_the_transaction()
    {
        var proof = _stage.Prove(3, 1);
        var late = _stage.Sign("fan A", Wish.Record(new { late = true }), validUntil: (_stage.Blocks[2].Header.Timestamp / 1_000) - 1).Transaction;
        var intime = _stage.Sign("fan A", Wish.Record(new { late = false }), validUntil: _stage.Blocks[2].Header.Timestamp / 1_000).Transaction;
        Transaction Reward(long amount, long index, Person sealer) => new(Payload.OfReward(_stage.Spec.ChainId, sealer.Address, amount, index), []);

        _stage.Code(Forge(proof, late)).Should().Be("expired");
        _stage.Code(Forge(proof, intime)).Should().BeNull();
        _stage.Code(Forge(proof, Reward(100, 3, "sealer"))).Should().BeNull();
        _stage.Code(Forge(proof, Reward(101, 3, "sealer"))).Should().Be("invalid_reward");
        _stage.Code(Forge(proof, Reward(100, 4, "sealer"))).Should().Be("invalid_reward");
        _stage.Code(Forge(proof, Reward(100, 3, "fan A"))).Should().Be("invalid_reward");
        _stage.Code(Forge(proof, Reward(100, 3, "sealer"), first: false)).Should().Be("invalid_reward");
    }

    // A block that holds what the forger likes, its work done.
    private static InclusionProof Forge(InclusionProof like, Transaction transaction, bool first = true)
    {
        Hash256[] leaves = first ? [transaction.Leaf] : [default, transaction.Leaf];
        var header = like.Block.Header with { TransactionsRoot = MerkleTree.Root(leaves) };
        header = header with { Nonce = ProofOfWork.Search(header.Encode(), header.Difficulty, 0, long.MaxValue)!.Value };
        return new InclusionProof(like.ChainId, transaction, new SealedHeader(header, null), MerkleTree.PathOf(leaves, leaves.Length - 1), []);
    }
}
