using System.Text.Json;
using SecuTicket.Core.Blocks;
using SecuTicket.Core.Chain;
using SecuTicket.Core.Consensus;
using SecuTicket.Core.Consensus.ProofOfStake;
using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Mempool;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;
using SecuTicket.Core.Transactions;
using SecuTicket.Node.Forging;
using SecuTicket.Node.Sealing;
using SecuTicket.Node.Storage;
using SecuTicket.Node.Tests.Loop;

namespace SecuTicket.Node.Tests.Forging;

/// <summary>Issue 6.4: a forging key is never used for two blocks of one slot, also after a crash or a restored backup.</summary>
public class ForgerTests
{
    private const int SlotTime = 1_000;
    private const int Links = 64;

    private static readonly Person Anna = new("anna");
    private static readonly ChainSpec Spec = ChainSpec.Parse(JsonSerializer.SerializeToUtf8Bytes(new
    {
        chain_id = "forging",
        currency = "EUR",
        engine = "proof-of-stake",
        genesis_time = TestChain.GenesisTime,
        reward = 1,
        stake = new { slot_time = SlotTime, epoch_length = 4, unbonding_blocks = 12, validators = new[] { new { address = Anna.ToString(), amount = 100, commitment = OnionOf(0).Commitment.ToString() } } },
    })).Value;

    private static readonly ISealVerifier Seals = SealVerifiers.Of(Spec, new P256Verifier(16));

    private ForgingMark? _written;
    private Blockchain _chain = Blockchain.Start(Spec, Seals);

    [Fact]
    public void A_slot_is_signed_once_and_after_a_crash_none_up_to_the_start()
    {
        var forger = Start(slot: 0);
        var header = HeaderOf(1, forger);

        forger.Seal(header).IsAccepted.Should().BeTrue();
        _written!.Slot.Should().Be(1);
        forger.Seal(header with { Timestamp = header.Timestamp + 1 }).Refusal!.Code.Should().Be("not_forger");
        forger.Seal(HeaderOf(2, forger) with { Sealer = TestChain.Bob.Address }).Refusal!.Code.Should().Be("not_forger");

        var again = Start(slot: 3);
        again.Seal(HeaderOf(3, again)).Refusal!.Code.Should().Be("not_forger", "a backup may know less than was signed, and the slot of the start may have been");
        again.NextSlot(_chain, 2).Should().Be(4, "nothing is prepared that would not be signed");
        again.Seal(HeaderOf(4, again)).IsAccepted.Should().BeTrue();
    }

    [Fact]
    public void Nothing_is_signed_when_the_mark_can_not_be_written()
    {
        var forger = new Forger(Spec, Self, null, _ => throw new IOException("The disk is full."), Spec.StartOf(0));

        var seal = () => forger.Seal(HeaderOf(1, forger));

        seal.Should().Throw<IOException>();
        forger.Mark.AllowsBlock(1).Should().BeTrue();
    }

    [Fact]
    public async Task A_disk_that_takes_no_mark_of_a_vote_is_told_once_until_it_does()
    {
        var (writes, told, sent) = (0, new List<string>(), new List<VerifiedTransaction>());
        var maker = Start(slot: 0);
        var voter = new Forger(Spec, Self, ForgingMark.None, _ => { if (++writes != 3) throw new IOException("No space left on device"); }, Spec.StartOf(0));
        var duties = new ForgingDuties(
            new ForgingDuty(voter, new OffenceWatch(Spec, Seals)),
            () => Spec.StartOf(5),
            transactions =>
            {
                sent.AddRange(transactions);
                return Task.FromResult<Verdict<IReadOnlyList<Submission>>>(Array.Empty<Submission>());
            },
            (what, _) => told.Add(what));
        for (var slot = 1; slot <= 5; slot++)
        {
            Add(maker, slot);

            // Somebody else's, beside the branch: only what is voted for is written down.
            var aside = BlockTemplate.Next(_chain, [], TestChain.Bob.Address, Spec.StartOf(slot + 1), Hash256.Zero);
            duties.Take([new NodeEffect.Store(new StoreChange.Sided(new SideBlock(VerifiedBlock.Of(aside.Header, aside.Transactions, null), 1)))], _chain);
        }

        await duties.DisposeAsync();

        writes.Should().Be(5);
        told.Should().HaveCount(2, "it took the third");
        sent.Select(static vote => ((Vote)vote.Payload.Operation).TargetIndex).Should().Equal(1, 2, 3);
    }

    [Fact]
    public void Each_new_tip_is_voted_for_once_and_never_a_lower_one()
    {
        var forger = Start(slot: 0);
        var first = Add(forger, 1);
        var vote = forger.Answer(_chain, Spec.StartOf(1)).Should().ContainSingle().Which;

        ((Vote)vote.Payload.Operation).TargetIndex.Should().Be(1);
        _written!.Target.Should().Be(1);
        forger.Answer(_chain, Spec.StartOf(1)).Should().BeEmpty();

        Add(forger, 2);
        forger.Answer(_chain, Spec.StartOf(2)).Should().ContainSingle();
        forger.Answer(first, Spec.StartOf(2)).Should().BeEmpty("block 1 is lower than what was voted for");
    }

    [Fact]
    public void A_key_whose_mark_is_lost_votes_for_no_index_that_may_have_been_voted_for_before()
    {
        var forger = Start(slot: 0);
        Add(forger, 1);
        _written = null;
        var late = Start(slot: 3);

        Add(late, 4);
        late.Answer(_chain, Spec.StartOf(4)).Should().BeEmpty("block 2 may have been voted for on another branch");
        Add(late, 5);
        Add(late, 6);
        late.Answer(_chain, Spec.StartOf(6)).Should().ContainSingle("no index above 3 could be voted for by slot 3");
    }

    [Fact]
    public void A_mark_that_a_backup_may_have_put_back_is_no_better_than_none()
    {
        var forger = Start(slot: 0);
        Add(forger, 1);
        forger.Answer(_chain, Spec.StartOf(1)).Should().ContainSingle();
        var (backup, old) = (_written, _chain);
        for (var slot = 2; slot <= 4; slot++) forger.Answer(Add(forger, slot), Spec.StartOf(slot)).Should().ContainSingle();

        (_written, _chain) = (backup, old);
        var restored = Start(slot: 4);

        for (var slot = 5; slot <= 7; slot++) restored.Answer(Add(restored, slot), Spec.StartOf(slot)).Should().BeEmpty($"index {slot - 3} was voted for on the branch that is lost");
        restored.Answer(Add(restored, 8), Spec.StartOf(8)).Should().ContainSingle();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Votes_rest_as_long_when_the_node_starts_once_more_meanwhile(bool isBeforeItAnswers)
    {
        var forger = Start(slot: 0);
        Add(forger, 1);
        forger.Answer(_chain, Spec.StartOf(1)).Should().ContainSingle();
        var (backup, old) = (_written, _chain);
        for (var slot = 2; slot <= 4; slot++) forger.Answer(Add(forger, slot), Spec.StartOf(slot)).Should().ContainSingle();
        (_written, _chain) = (backup, old);
        var restored = Start(slot: 4);
        Add(restored, 5);
        if (!isBeforeItAnswers) restored.Answer(_chain, Spec.StartOf(5)).Should().BeEmpty();

        // Its mark is fresh now, for it made a block.
        var again = Start(slot: 6);

        for (var slot = 7; slot <= 8; slot++) again.Answer(Add(again, slot), Spec.StartOf(slot)).Should().BeEmpty($"index {slot - 4} was voted for on the branch that is lost");
        again.Answer(Add(again, 9), Spec.StartOf(9)).Count.Should().Be(isBeforeItAnswers ? 0 : 1);
    }

    [Fact]
    public void A_mark_of_the_slot_before_is_believed_so_a_quick_restart_costs_no_vote()
    {
        var forger = Start(slot: 0);
        Add(forger, 1);
        forger.Answer(_chain, Spec.StartOf(1)).Should().ContainSingle();

        Add(forger, 2);
        var again = Start(slot: 2 + Forger.FreshMark);

        again.Answer(_chain, Spec.StartOf(4)).Should().BeEmpty("a vote for a block from before the start may have been signed and lost");
        again.Answer(Add(again, 5), Spec.StartOf(5)).Should().ContainSingle();
    }

    [Fact]
    public void Before_a_hash_chain_ends_the_node_commits_to_the_next()
    {
        var forger = Start(slot: 0);
        IReadOnlyList<VerifiedTransaction> answers = [];

        for (var slot = 1; slot <= Links + 10; slot++) answers = forger.Answer(Add(forger, slot, [.. answers]), Spec.StartOf(slot));

        OnionOf(1).Left(_chain.Ledger.Stakes!.Validators.Find(Anna.Address)!.Onion).Should().BePositive();
    }

    [Fact]
    public void Below_the_operators_checkpoint_no_block_is_added_and_none_is_voted_for()
    {
        var forger = Start(slot: 0);
        Add(forger, 1);
        var below = new Forger(Spec with { Checkpoint = new KnownBlock(2, Hash256.Sha256("known"u8)) }, Self, null, mark => _written = mark, Spec.StartOf(0));
        var there = new Forger(Spec with { Checkpoint = new KnownBlock(1, _chain.Tip.Hash) }, Self, null, mark => _written = mark, Spec.StartOf(0));

        below.NextSlot(_chain, 2).Should().BeNull();
        below.Answer(_chain, Spec.StartOf(1)).Should().BeEmpty();
        TermsOf(below, slot: 2).Refusal!.Should().Match<Refusal>(static why => why.Code == "not_forger" && why.Detail.Contains("block 2"));
        there.NextSlot(_chain, 2).Should().Be(2);
        there.Answer(_chain, Spec.StartOf(1)).Should().ContainSingle();
    }

    [Fact]
    public void A_block_of_ours_that_the_mark_does_not_know_is_reported_and_votes_rest()
    {
        var forger = Start(slot: 0);
        Add(forger, 1);
        Add(forger, 2);
        _written = ForgingMark.None;
        var reports = new List<string>();
        var restored = Start(slot: 2, reports.Add);

        restored.See(_chain.Tip.Header);

        restored.Mark.Slot.Should().Be(2);
        reports.Should().ContainSingle().Which.Should().Contain("backup");
        restored.Answer(Add(restored, 3), Spec.StartOf(3)).Select(static vote => ((Vote)vote.Payload.Operation).TargetIndex).Should().Equal([3], "blocks 1 and 2 may have been voted for on another branch");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Nothing_is_signed_any_more_beside_another_node_that_makes_blocks_with_the_same_key(bool isOfOneSlot)
    {
        var reports = new List<string>();
        var (other, twin) = (Start(slot: 0), Start(slot: 0, reports.Add));
        if (isOfOneSlot) twin.Seal(HeaderOf(1, twin) with { Timestamp = Spec.StartOf(1) + 1 }).IsAccepted.Should().BeTrue();
        Add(other, 1);

        twin.See(_chain.Tip.Header);
        twin.See(_chain.Tip.Header);

        reports.Should().ContainSingle().Which.Should().Contain("Another node makes blocks with the forging key");
        twin.NextSlot(_chain, 2).Should().BeNull();
        twin.Seal(HeaderOf(2, other)).Refusal!.Detail.Should().Contain("stop it");
        TermsOf(twin, slot: 2).Refusal!.Should().Match<Refusal>(static why => why.Code == "not_forger" && why.Detail.Contains("stop it"));
        twin.Answer(_chain, Spec.StartOf(1)).Should().BeEmpty();
        other.See(_chain.Tip.Header);
        other.NextSlot(_chain, 2).Should().Be(2, "its own blocks are no other's");
    }

    [Fact]
    public void Where_several_blocks_came_at_once_each_is_voted_for()
    {
        var forger = Start(slot: 0);
        for (var slot = 1; slot <= 3; slot++) Add(forger, slot);

        var votes = forger.Answer(_chain, Spec.StartOf(3));

        votes.Select(static vote => ((Vote)vote.Payload.Operation).TargetIndex).Should().Equal(1, 2, 3);
        _written!.Target.Should().Be(3);
        Add(forger, 4, [.. votes]);
        _chain.Ledger.Stakes!.Round.Justified.Index.Should().Be(3);
        _chain.Final.Should().Be(0, "all three come from genesis");
        forger.Answer(_chain, Spec.StartOf(4)).Select(static vote => ((Vote)vote.Payload.Operation).TargetIndex).Should().Equal(4);
    }

    [Fact]
    public void A_vote_of_ours_that_the_chain_counts_and_the_mark_does_not_know_is_reported_and_votes_rest()
    {
        var forger = Start(slot: 0);
        Add(forger, 1);
        Add(forger, 2, [.. forger.Answer(_chain, Spec.StartOf(1))]);
        _written = ForgingMark.None.WithBlock(2, _chain.Tip.Hash);
        var reports = new List<string>();
        var twin = Start(slot: 2, reports.Add);

        twin.Answer(Add(twin, 3), Spec.StartOf(3)).Should().BeEmpty("whoever voted for block 1 with this key may have voted for more");

        twin.Mark.Target.Should().Be(1);
        reports.Should().ContainSingle().Which.Should().Contain("another node uses the same key");
        twin.Answer(Add(twin, 4), Spec.StartOf(4)).Should().ContainSingle();
    }

    [Fact]
    public void Two_headers_of_one_slot_and_two_votes_for_one_height_are_offences_and_nothing_else_is()
    {
        var forger = Start(slot: 0);
        var watch = new OffenceWatch(Spec, Seals);
        var header = HeaderOf(1, forger);
        SealedHeader Sealed(BlockHeader one) => new(one, Anna.Sign(one.Hash));

        watch.See(Sealed(header), isChecked: true).Should().BeNull();
        watch.See(Sealed(header), isChecked: true).Should().BeNull("it is the same");
        watch.See(Sealed(header with { Timestamp = header.Timestamp + SlotTime }), isChecked: true).Should().BeNull("it is another slot");
        watch.See(new SealedHeader(header with { Timestamp = header.Timestamp + 1 }, TestChain.Bob.Sign(header.Hash)), isChecked: false).Should().BeNull("Bob signed it");
        watch.See(Sealed(header with { Timestamp = header.Timestamp + 1 }), isChecked: false)!.Offender.Should().Be(Anna.Address);

        var later = header with { Timestamp = header.Timestamp + (5 * SlotTime) };
        watch.See(new SealedHeader(later with { Nonce = 1 }, TestChain.Bob.Sign(later.Hash)), isChecked: false).Should().BeNull();
        watch.See(Sealed(later), isChecked: true).Should().BeNull("what nobody checked is not remembered");

        Add(forger, 1);
        var vote = forger.Answer(_chain, Spec.StartOf(1)).Single();
        watch.See(vote, _ => true).Should().BeNull();
        watch.See(vote, _ => true).Should().BeNull();
        _chain = Blockchain.Start(Spec, Seals);
        _written = null;
        var twin = Start(slot: 0);
        Add(twin, 2);
        var other = twin.Answer(_chain, Spec.StartOf(2)).Single();
        watch.See(other, _ => false).Should().BeNull("who is no validator does not count");
        watch.See(other, _ => true)!.Offender.Should().Be(Anna.Address);
    }

    [Fact]
    public void Whoever_sees_an_offence_reports_it_but_for_the_offender()
    {
        var forger = Start(slot: 0);
        var watch = new OffenceWatch(Spec, Seals);
        var header = HeaderOf(1, forger);
        var other = header with { Timestamp = header.Timestamp + 1 };
        watch.See(new SealedHeader(header, Anna.Sign(header.Hash)), isChecked: true);
        var bob = new Forger(Spec, new ForgingSelf(TestChain.Bob.Address, digest => TestChain.Bob.Sign(digest), OnionOf), null, _ => { }, Spec.StartOf(0));

        ReportsOf(forger).Should().BeEmpty();
        ReportsOf(bob).Should().ContainSingle().Which.Payload.Sender.Should().Be(TestChain.Bob.Address);

        IReadOnlyList<VerifiedTransaction> ReportsOf(Forger who) => new ForgingDuty(who, watch).Answer(_chain, new SealedHeader(other, Anna.Sign(other.Hash)), Spec.StartOf(1));
    }

    [Fact]
    public void Who_was_slashed_and_is_asked_for_a_block_says_so()
    {
        var forger = Start(slot: 0);
        var header = HeaderOf(1, forger);
        var other = header with { Timestamp = header.Timestamp + 1 };
        var watch = new OffenceWatch(Spec, Seals);
        watch.See(new SealedHeader(header, Anna.Sign(header.Hash)), isChecked: true);
        var bob = new Forger(Spec, new ForgingSelf(TestChain.Bob.Address, digest => TestChain.Bob.Sign(digest), OnionOf), null, _ => { }, Spec.StartOf(0));

        Add(forger, 1, [.. new ForgingDuty(bob, watch).Answer(_chain, new SealedHeader(other, Anna.Sign(other.Hash)), Spec.StartOf(1))]);

        TermsOf(forger, slot: 2).Refusal!.Should().Match<Refusal>(static why => why.Code == "not_forger" && why.Detail.Contains("slashed"));
    }

    // The first block of a slot may be one that the rules refuse, and the second a good one.
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(3, 0)]
    public void Two_headers_of_one_slot_are_reported_though_no_block_of_them_was_taken_unless_the_slot_is_to_come(int slot, int reports)
    {
        var bob = new Forger(Spec, new ForgingSelf(TestChain.Bob.Address, digest => TestChain.Bob.Sign(digest), OnionOf), null, _ => { }, Spec.StartOf(0));
        var duty = new ForgingDuty(bob, new OffenceWatch(Spec, Seals));
        var header = HeaderOf(1, Start(slot: 0)) with { Timestamp = Spec.StartOf(slot) };
        var forged = header with { Timestamp = header.Timestamp + 2 };

        Answer(new SealedHeader(forged, TestChain.Bob.Sign(forged.Hash))).Should().BeEmpty();
        Answer(new SealedHeader(header, Anna.Sign(header.Hash))).Should().BeEmpty("what somebody else signed was not remembered");
        Answer(new SealedHeader(header, Anna.Sign(header.Hash))).Should().BeEmpty("it is the same");
        var other = header with { Timestamp = header.Timestamp + 1 };
        Answer(new SealedHeader(other, Anna.Sign(other.Hash))).Should().HaveCount(reports);

        IReadOnlyList<VerifiedTransaction> Answer(SealedHeader one) => duty.Answer(_chain, one, Spec.StartOf(1));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_vote_that_came_before_its_block_waits_on_when_the_block_could_not_be_written(bool isOfOneGroup)
    {
        var forger = Start(slot: 0);
        var node = new LoopScenario(spec: Spec) { Now = Spec.StartOf(1) };
        var block = Make(forger, 1);
        var vote = forger.Answer(_chain, Spec.StartOf(1)).Single();
        if (!isOfOneGroup) node.Submit(vote).Refusal!.Code.Should().Be("unknown_checkpoint");

        if (isOfOneGroup) node.Loop.Step(new NodeCommand.Submit([vote], new Reply<IReadOnlyList<Submission>>()), node.Now);
        node.Loop.Step(new NodeCommand.Offer([block], new Reply<BlockAcceptance>()), node.Now);
        node.Loop.State.Pending.Count.Should().Be(1);
        node.Do(node.Loop.TakeBack(new Refusal("storage_failed", "The disk is full.")));
        node.Loop.State.Pending.Count.Should().Be(0);
        node.Offer(block).Refusal.Should().BeNull();

        node.Loop.State.Pending.InOrder.Single().Value.Transaction.Should().BeSameAs(vote);
    }

    [Fact]
    public void A_vote_in_a_branch_that_was_left_is_not_told_as_if_somebody_missed_it()
    {
        var forger = Start(slot: 0);
        var (node, start) = (new LoopScenario(spec: Spec), _chain);
        var voted = Make(forger, 1);
        var ours = Make(forger, 2, VoteOf(voted));
        node.Offer(voted, ours).Refusal.Should().BeNull();
        _chain = start;

        var other = Make(forger, 3);
        node.Offer(other, Make(forger, 4, VoteOf(other)), Make(forger, 5)).Refusal.Should().BeNull();

        node.Loop.State.Chain.Tip.Hash.Should().Be(_chain.Tip.Hash);
        node.Events.OfType<NodeEvent.TransactionDecided>().Last(decided => decided.Id == ours.Transactions[^1].Id).Status.Should().Be(TransactionStatus.Rejected);
        node.Reports.Should().ContainSingle("that is the reorganisation itself").Which.Should().NotContain("was rejected");

        VerifiedTransaction VoteOf(VerifiedBlock target)
        {
            var json = JsonSerializer.SerializeToUtf8Bytes(new
            {
                type = "vote",
                chain_id = Spec.ChainId,
                sender = Anna.ToString(),
                nonce = "vote-of-the-first-block",
                valid_until = (Spec.StartOf(1) / 1_000) + 3_600,
                source_index = 0,
                source = Spec.Genesis.Hash.ToString(),
                target_index = target.Header.Index,
                target = target.Hash.ToString(),
            });
            var payload = Payload.From(Core.Encoding.CanonicalJson.Parse(json).Value).Value;
            return TransactionVerifier.Restore(new Transaction(payload, [Anna.Sign(payload.Id)]));
        }
    }

    private static ForgingSelf Self { get; } = new(Anna.Address, digest => Anna.Sign(digest), OnionOf);

    private static Onion OnionOf(int number) => new(Hash256.Sha256([1, (byte)number]), Links);

    private Forger Start(long slot, Action<string>? report = null) => new(Spec, Self, _written, mark => _written = mark, Spec.StartOf(slot)) { Report = report };

    private Verdict<SealTerms> TermsOf(Forger forger, long slot) =>
        new SlotTurns(Spec, new SealingSettings(), forger).TermsOf(new NodeState(_chain, PendingSet.Empty(new MempoolLimits(), _chain.Ledger, 0)), null, Spec.StartOf(slot));

    private BlockHeader HeaderOf(long slot, Forger forger) => TemplateOf(slot, forger).Header;

    private BlockTemplate TemplateOf(long slot, Forger forger, params VerifiedTransaction[] transactions) =>
        BlockTemplate.Next(_chain, transactions, forger.Account, Spec.StartOf(slot), forger.RevealAfter(_chain).Value);

    private Blockchain Add(Forger forger, long slot, params VerifiedTransaction[] transactions)
    {
        _ = Make(forger, slot, transactions);
        return _chain;
    }

    private VerifiedBlock Make(Forger forger, long slot, params VerifiedTransaction[] transactions)
    {
        var template = TemplateOf(slot, forger, transactions);
        var sealedHeader = forger.Seal(template.Header).Value;
        var block = VerifiedBlock.Of(sealedHeader.Header, template.Transactions, sealedHeader.Seal);
        var update = _chain.Add(block, Spec.StartOf(slot), new InMemoryBlockStore());
        update.Verdict.Refusal.Should().BeNull();
        _chain = update.Chain;
        return block;
    }
}
