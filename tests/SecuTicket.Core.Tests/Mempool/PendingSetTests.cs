using SecuTicket.Core.Blocks;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Mempool;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Tests.Ledger;
using SecuTicket.Core.Tests.Specification;
using SecuTicket.Core.Tests.Transactions;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Core.Tests.Mempool;

// S4.8: what waits is valid in its order, bounded, and holds nothing twice.
public class PendingSetTests
{
    private const long Now = Scenario.Start * 1_000;

    private static readonly Person Anna = "anna";
    private static readonly RuleContext Context = new(TestSpec.Of(), 1, Now);

    private readonly Scenario _people = new();

    [Fact]
    public void What_waits_is_applied_in_the_order_of_admission()
    {
        var topUp = _people.Sign(TestSpec.Bank, Wish.TopUp(Anna, 10, "one"));
        var payment = _people.Sign(Anna, Wish.Pay("boris", 7));
        var set = Admit(Empty(), topUp, payment);

        set.InOrder.Select(entry => (entry.Value.Id, entry.Value.Sequence, entry.Value.AdmittedAt)).Should().Equal((topUp.Id, 0, Now), (payment.Id, 1, Now));
        set.State.BalanceOf(Anna.Address).Should().Be(3);
        set.ById.Find(payment.Id)!.Effects.Parties.Should().Equal(Anna.Address, ((Person)"boris").Address);
        (set.Count, set.NextSequence).Should().Be((2, 2));
        set.Size.Should().Be(topUp.Transaction.Size + payment.Transaction.Size);
        set.FirstExpiry.Should().Be(Scenario.Start + 3_600);
        Empty().Admit(payment, Context, Now).Refusal!.Code.Should().Be("insufficient_funds", "it needs what it follows");
    }

    [Fact]
    public void Of_a_thousand_buyers_of_one_seat_one_is_admitted_and_the_others_hear_that_it_is_gone()
    {
        var concert = _people.Creates("organiser");
        var seat = _people.Issues("organiser", concert, "A-1", 100);
        var buyers = Enumerable.Range(0, 1_000).Select(i => (Person)$"buyer {i}").ToArray();
        var rich = LedgerState.Of(
            100_000, Trie<Address, long>.Of(buyers.Select(buyer => KeyValuePair.Create(buyer.Address, 100L))), [.. _people.State.Events.Select(entry => entry.Value)], _people.State.Tallies,
            [.. _people.State.Tickets], Trie<Hash256, Present>.Empty, () => Trie<NumberedHash, Present>.Empty);
        var set = PendingSet.Empty(new MempoolLimits(), rich);
        var supply = set.State.Supply;

        var codes = new List<string>();
        foreach (var buyer in buyers)
        {
            if (set.Admit(_people.Sign(buyer, Wish.Purchase(seat, 100)), Context, Now).TryGet(out var next, out var refusal)) set = next;
            else codes.Add(refusal.Code);
        }

        set.Count.Should().Be(1);
        codes.Should().HaveCount(999).And.OnlyContain(code => code == "ticket_not_available");
        set.State.Tickets.Find(seat)!.Owner.Should().Be(buyers[0].Address);
        set.State.Balances.Sum(entry => entry.Value).Should().Be(supply);
    }

    [Fact]
    public void The_same_transaction_waits_once_even_with_another_signature()
    {
        var first = _people.Sign(Anna, Wish.Record(1), nonce: "0123456789abcdef");
        var again = _people.Sign(Anna, Wish.Record(1), nonce: "0123456789abcdef");
        again.Transaction.Leaf.Should().NotBe(first.Transaction.Leaf);

        Admit(Empty(), first).Admit(again, Context, Now).Refusal!.Code.Should().Be("transaction_exists");
    }

    [Fact]
    public void No_more_wait_than_the_limit()
    {
        var set = Admit(Empty(new MempoolLimits(MaxCount: 2)), Note(1), Note(2));

        set.Admit(Note(3), Context, Now).Refusal.Should().Match<Refusal>(refusal => refusal.Code == "pool_full" && refusal.Kind == RefusalKind.Transient);
    }

    [Fact]
    public void No_more_bytes_wait_than_the_limit()
    {
        var size = Note(1).Transaction.Size;
        var set = Admit(Empty(new MempoolLimits(MaxSize: (2 * size) + 1)), Note(1), Note(2));

        set.Admit(Note(3), Context, Now).Refusal!.Code.Should().Be("pool_full");
        Admit(Empty(new MempoolLimits(MaxSize: 2 * size)), Note(1), Note(2)).Count.Should().Be(2);
        Admit(Empty(new MempoolLimits(MaxSize: (2 * size) - 1)), Note(1)).Admit(Note(2), Context, Now).Refusal!.Code.Should().Be("pool_full");
    }

    [Fact]
    public void No_more_of_one_account_wait_than_the_limit()
    {
        var set = Admit(Empty(new MempoolLimits(MaxPerAccount: 2)), Note(1), Note(2));

        set.Admit(Note(3), Context, Now).Refusal!.Code.Should().Be("pool_full");
        Admit(set, _people.Sign("boris", Wish.Record(3))).Count.Should().Be(3);
    }

    // They are counted only when so many wait that one account's could be too many.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_account_s_are_counted_as_they_come_and_go(bool tookAll)
    {
        var (first, second) = (Note(1), _people.Sign("boris", Wish.Record(2)));
        var begun = Admit(Empty(new MempoolLimits(MaxPerAccount: 2)), first);
        var set = Admit(begun, second, Note(3), _people.Sign("boris", Wish.Record(4)));
        RefusesOne(Anna, set);
        RefusesOne("boris", set);
        RefusesOne(Anna, Admit(set, _people.Sign("clara", Wish.Record(5))));

        _people.State = LedgerState.Empty;
        set = set.After(tookAll ? begun : set, BlockOf([first]), _people.Seals(first))!;
        RefusesOne("boris", set);
        RefusesOne(Anna, Admit(set, Note(6)));

        void RefusesOne(Person who, PendingSet waiting) => waiting.Admit(_people.Sign(who, Wish.Record(7)), Context, Now).Refusal!.Code.Should().Be("pool_full");
    }

    [Fact]
    public void Nobody_is_counted_of_whom_nothing_waits_and_nobody_at_all_while_few_wait()
    {
        VerifiedTransaction[] notes = [Note(1), _people.Sign("boris", Wish.Record(2)), _people.Sign("clara", Wish.Record(3)), _people.Sign("dora", Wish.Record(4))];
        var set = Admit(Empty(new MempoolLimits(MaxPerAccount: 2)), notes);
        set.PerSender!.Count.Should().Be(4);

        _people.State = LedgerState.Empty;
        set = set.After(set, BlockOf(notes.AsSpan(0, 2)), _people.Seals(notes.AsSpan(0, 2)))!;
        set.PerSender!.Count.Should().Be(2);
        set.After(set, BlockOf(notes.AsSpan(2, 1)), _people.Seals(notes[2]))!.PerSender.Should().BeNull();
    }

    [Fact]
    public void Limits_are_wide_by_default() => new MempoolLimits().MaxPerAccount.Should().BeGreaterThanOrEqualTo(1_000);

    [Fact]
    public void Admission_asks_the_time_like_a_block()
    {
        Empty().Admit(_people.Sign(Anna, Wish.Record(1), validUntil: Scenario.Start - 1), Context, Now).Refusal!.Code.Should().Be("expired");
        Empty().Admit(_people.Sign(Anna, Wish.Record(1), validUntil: Scenario.Start + 2_592_001), Context, Now).Refusal!.Code.Should().Be("too_far_ahead");
    }

    [Fact]
    public void After_a_block_what_it_confirmed_is_gone_and_the_rest_keeps_its_order_and_place()
    {
        var notes = new[] { Note(1), Note(2), Note(3) };
        var set = Admit(Empty(), notes);
        var confirmed = _people.Seals(notes[1]).State;

        var (after, rejected) = set.Rebase(confirmed, Context with { BlockIndex = 3 }, [], id => id == notes[1].Id, Now + 5);

        rejected.Should().BeEmpty();
        after.InOrder.Select(entry => (entry.Value.Id, entry.Value.Sequence, entry.Value.AdmittedAt)).Should().Equal((notes[0].Id, 0, Now), (notes[2].Id, 2, Now));
        (after.Count, after.NextSequence, after.Size).Should().Be((2, 3, notes[0].Transaction.Size + notes[2].Transaction.Size));
        after.State.Seen.Should().Equal(confirmed.Seen);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(1, false)]
    [InlineData(4, true)]
    [InlineData(4, false)]
    [InlineData(7, true)]
    [InlineData(7, false)]
    [InlineData(8, true)]
    [InlineData(8, false)]
    [InlineData(9, true)]
    public void After_a_block_of_what_came_first_the_rest_is_as_if_it_was_judged_anew(int confirmed, bool tookAll)
    {
        var (set, wishes) = Market();
        var begun = tookAll ? Admit(PendingSet.Empty(new MempoolLimits(), _people.State), wishes.AsSpan(0, confirmed)) : set;
        if (tookAll) set = Admit(begun, wishes.AsSpan(confirmed));
        var outcome = _people.Seals(wishes.AsSpan(0, confirmed));
        var block = BlockOf(wishes.AsSpan(0, confirmed));

        var after = set.After(begun, block, outcome)!;

        var (expected, rejected) = set.Rebase(outcome.State, Context with { BlockIndex = 99 }, [], wishes.Take(confirmed).Select(one => one.Id).Contains, Now);
        rejected.Should().BeEmpty();
        LedgerState.SameContent(after.State, expected.State).Should().BeTrue();
        after.State.OwnedTickets.Select(owner => (owner.Key, string.Join(' ', owner.Value.Select(ticket => ticket.Key)))).Should()
            .Equal(expected.State.OwnedTickets.Select(owner => (owner.Key, string.Join(' ', owner.Value.Select(ticket => ticket.Key)))));
        after.InOrder.Select(entry => (entry.Value.Id, entry.Value.Sequence, entry.Value.AdmittedAt)).Should().Equal(expected.InOrder.Select(entry => (entry.Value.Id, entry.Value.Sequence, entry.Value.AdmittedAt)));
        after.ById.Select(entry => entry.Key).Should().Equal(expected.ById.Select(entry => entry.Key));
        (after.Count, after.Size, after.NextSequence).Should().Be((9 - confirmed, expected.Size, expected.NextSequence));
        LedgerState.SameContent(set.After(begun, block, outcome)!.State, after.State).Should().BeTrue("the set itself does not change");
        foreach (var change in outcome.Delta.Tickets)
        {
            var isDone = set.InOrder.Skip(confirmed).All(entry => entry.Value.Effects.Changes.All(one => one.Ticket != change.Key));
            ReferenceEquals(after.State.Tickets.Find(change.Key), outcome.State.Tickets.Find(change.Key)).Should().Be(isDone, "of what a block did and nothing that waits, the block alone tells");
        }

    }

    [Fact]
    public void A_ticket_that_something_waits_for_is_of_no_block_however_many_are_sealed()
    {
        var (set, wishes) = Market();

        var after = set.After(set, BlockOf(wishes.AsSpan(0, 1)), _people.Seals(wishes[0]))!;

        var tickets = set.InOrder.Skip(1).SelectMany(entry => entry.Value.Effects.Changes).Select(change => change.Ticket).ToHashSet();
        tickets.Should().HaveCountGreaterThan(1);
        foreach (var id in tickets) after.State.Tickets.Find(id)!.ChangedIn.Should().BeGreaterThan(long.MaxValue / 4);
    }

    [Fact]
    public void A_redemption_that_was_judged_anew_while_its_block_was_sealed_is_the_block_s()
    {
        var (_, seat) = _people.Sold("organiser", Anna, gates: ["gate"]);
        var redemption = _people.Sign("gate", Wish.Redeem(seat));
        var begun = Admit(PendingSet.Empty(new MempoolLimits(), _people.State), redemption);
        var (later, _) = Admit(begun, Note(1)).Rebase(_people.State, Context with { Time = Now + 5_000 }, [], _ => false, Now + 5_000);
        var outcome = _people.Seals(redemption);

        var after = later.After(begun, BlockOf([redemption]), outcome)!;

        after.State.Tickets.Find(seat).Should().BeSameAs(outcome.State.Tickets.Find(seat));
    }

    [Fact]
    public void The_reward_of_such_a_block_is_the_sealers_and_what_it_remembers_is_remembered()
    {
        var (set, wishes) = Market();
        var spec = TestSpec.Of();
        var reward = TransactionVerifier.Restore(new Transaction(Payload.OfReward(spec.ChainId, Scenario.Sealer.Address, 7, 1), []));
        var outcome = _people.Seals(wishes.AsSpan(0, 2));

        var after = set.After(set, BlockOf([reward, wishes[0], wishes[1]]), outcome)!;

        after.State.BalanceOf(Scenario.Sealer.Address).Should().Be(set.State.BalanceOf(Scenario.Sealer.Address) + 7);
        after.State.Supply.Should().Be(set.State.Supply + 7);
        after.State.Seen.Should().BeSameAs(outcome.State.Seen);
        after.Count.Should().Be(7);
    }

    [Fact]
    public void A_block_of_others_or_in_another_order_or_of_new_events_and_tickets_is_not_taken_out()
    {
        var (set, wishes) = Market();
        var before = _people.State;
        var swapped = new[] { wishes[1], wishes[0] };
        var strange = _people.Sign(Anna, Wish.Record(1));

        set.After(set, BlockOf(swapped), _people.Seals(swapped)).Should().BeNull();
        _people.State = before;
        set.After(set, BlockOf([wishes[1]]), _people.Seals(wishes[1])).Should().BeNull("one before it waits still");
        _people.State = before;
        set.After(set, BlockOf([strange]), _people.Seals(strange)).Should().BeNull();
        VerifiedTransaction[] more = [.. wishes, strange];
        _people.State = before;
        set.After(set, BlockOf(more), _people.Seals(more)).Should().BeNull("not all of it waits");
        _people.State = before;
        var creation = _people.Sign("organiser", Wish.CreateEvent());
        var two = Admit(PendingSet.Empty(new MempoolLimits(), before), creation, wishes[0]);
        two.After(two, BlockOf([creation]), _people.Seals(creation)).Should().BeNull("the event names its block");
    }

    [Fact]
    public void What_can_not_be_confirmed_any_more_is_named_with_its_reason()
    {
        _people.Funds(Anna, 10);
        var ours = _people.Sign(Anna, Wish.Pay("boris", 10));
        var next = _people.Sign("boris", Wish.Pay("clara", 10));
        var set = Admit(PendingSet.Empty(new MempoolLimits(), _people.State), ours, next);
        var theirs = _people.Seals(_people.Sign(Anna, Wish.Pay("dora", 1))).State;

        var (after, rejected) = set.Rebase(theirs, Context, [], _ => false, Now);

        after.Count.Should().Be(0);
        rejected.Select(one => (one.Transaction.Id, one.Refusal.Code)).Should().Equal((ours.Id, "insufficient_funds"), (next.Id, "insufficient_funds"));
    }

    [Fact]
    public void What_expired_meanwhile_is_rejected()
    {
        var set = Admit(Empty(), _people.Sign(Anna, Wish.Record(1), validUntil: Scenario.Start + 5), Note(2));

        var (after, rejected) = set.Rebase(LedgerState.Empty, Context with { Time = Now + 6_000 }, [], _ => false, Now + 6_000);
        after.Count.Should().Be(1);
        rejected.Should().ContainSingle().Which.Refusal.Code.Should().Be("expired");
    }

    [Fact]
    public void Transactions_of_an_abandoned_branch_go_before_what_waited_and_limits_are_not_asked_again()
    {
        var topUp = _people.Sign(TestSpec.Bank, Wish.TopUp(Anna, 10, "one"));
        var spent = _people.Sign(Anna, Wish.Pay("boris", 10));
        _people.Seals(topUp);
        var set = Admit(PendingSet.Empty(new MempoolLimits(MaxCount: 1, MaxPerAccount: 1), _people.State, 7), spent);

        var (after, rejected) = set.Rebase(LedgerState.Empty, Context, [topUp], _ => false, Now + 9);

        rejected.Should().BeEmpty();
        after.InOrder.Select(entry => (entry.Value.Id, entry.Value.Sequence, entry.Value.AdmittedAt)).Should().Equal((topUp.Id, 8, Now + 9), (spent.Id, 9, Now));
        after.NextSequence.Should().Be(10);
        after.State.BalanceOf(((Person)"boris").Address).Should().Be(10);
    }

    [Fact]
    public void What_returns_but_is_in_the_new_branch_too_does_not_wait()
    {
        var note = Note(1);
        var confirmed = _people.Seals(note).State;

        var (after, rejected) = Empty().Rebase(confirmed, Context, [note], id => id == note.Id, Now);
        (after.Count, rejected.Count).Should().Be((0, 0));
    }

    [Fact]
    public void What_returns_and_conflicts_with_the_new_branch_is_rejected_and_what_waited_on_it_too()
    {
        var concert = _people.Creates("organiser");
        var seat = _people.Issues("organiser", concert, "A-1", 0);
        var fork = _people.State;
        var ours = _people.Sign(Anna, Wish.Purchase(seat, 0));
        _people.Seals(ours);
        var gift = _people.Sign(Anna, Wish.Give(seat, "clara"));
        var set = Admit(PendingSet.Empty(new MempoolLimits(), _people.State), gift);
        _people.State = fork;
        var theirs = _people.Seals(_people.Sign("boris", Wish.Purchase(seat, 0))).State;

        var (after, rejected) = set.Rebase(theirs, Context, [ours], _ => false, Now);
        after.Count.Should().Be(0);
        rejected.Select(one => one.Refusal.Code).Should().Equal("ticket_not_available", "not_holder");
    }

    [Fact]
    public void What_a_store_kept_comes_back_with_its_place_and_time()
    {
        var (first, second, bad) = (Note(1), Note(2), _people.Sign(Anna, Wish.Pay("boris", 1)));

        var (set, rejected) = Empty().Restore([(first, 4, 100), (bad, 5, 100), (second, 9, 200)], Context);
        set.InOrder.Select(entry => (entry.Value.Id, entry.Value.Sequence, entry.Value.AdmittedAt)).Should().Equal((first.Id, 4, 100), (second.Id, 9, 200));
        set.NextSequence.Should().Be(10);
        rejected.Should().ContainSingle().Which.Transaction.Should().BeSameAs(bad);
    }

    [Fact]
    public void A_set_once_read_does_not_change()
    {
        var one = Admit(Empty(), Note(1));
        Admit(one, Note(2));

        one.Count.Should().Be(1);
        one.ById.Count.Should().Be(1);
    }

    // Nine that wait: sales, a resale, a gift and payments, of which some need what comes before them.
    private (PendingSet Set, VerifiedTransaction[] Wishes) Market()
    {
        var concert = _people.Creates("organiser");
        var (first, second, third) = (_people.Issues("organiser", concert, "A-1", 100), _people.Issues("organiser", concert, "A-2", 100), _people.Issues("organiser", concert, "A-3", 100));
        _people.Funds(Anna, 1_000);
        _people.Funds("boris", 1_000);
        VerifiedTransaction[] wishes =
        [
            _people.Sign(Anna, Wish.Purchase(first, 100)),
            _people.Sign("boris", Wish.Purchase(second, 100)),
            _people.Sign(Anna, Wish.List(first, 100)),
            _people.Sign("boris", Wish.Purchase(first, 100)),
            _people.Sign("boris", Wish.Give(second, "clara")),
            _people.Sign(Anna, Wish.Pay("dora", 50)),
            _people.Sign("dora", Wish.Pay("clara", 50)),
            _people.Sign(Anna, Wish.Purchase(third, 100)),
            _people.Sign(Anna, Wish.Record(1)),
        ];
        return (Admit(PendingSet.Empty(new MempoolLimits(), _people.State), wishes), wishes);
    }

    private static VerifiedBlock BlockOf(ReadOnlySpan<VerifiedTransaction> transactions)
    {
        var root = MerkleTree.Root([.. transactions.ToArray().Select(transaction => transaction.Transaction.Leaf)]);
        var header = new BlockHeader(BlockHeader.CurrentVersion, TestSpec.Of().ChainHash, 1, default, root, default, Now, 0, Scenario.Sealer.Address, 0);
        return VerifiedBlock.Of(header, new EquatableArray<VerifiedTransaction>(transactions.ToArray()), null);
    }

    private static PendingSet Empty(MempoolLimits? limits = null) => PendingSet.Empty(limits ?? new MempoolLimits(), LedgerState.Empty);

    private static PendingSet Admit(PendingSet set, params ReadOnlySpan<VerifiedTransaction> transactions)
    {
        foreach (var transaction in transactions)
        {
            var verdict = set.Admit(transaction, Context, Now);
            verdict.Refusal.Should().BeNull();
            set = verdict.Value;
        }

        return set;
    }

    private VerifiedTransaction Note(int number) => _people.Sign(Anna, Wish.Record(number));
}
