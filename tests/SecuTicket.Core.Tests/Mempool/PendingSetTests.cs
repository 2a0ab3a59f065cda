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
            [.. _people.State.Tickets], Trie<Hash256, Present>.Empty, Trie<NumberedHash, Present>.Empty);
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
        after.State.Seen.Count.Should().Be(3);
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
        one.State.Seen.Count.Should().Be(1);
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
