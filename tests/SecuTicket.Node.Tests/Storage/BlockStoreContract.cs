using SecuTicket.Core.Blocks;
using SecuTicket.Core.Chain;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Mempool;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;
using SecuTicket.Core.Transactions;
using SecuTicket.Node.Storage;
using static SecuTicket.Node.Tests.TestChain;

namespace SecuTicket.Node.Tests.Storage;

/// <summary>What every block store promises; one class for each store runs it.</summary>
public abstract class BlockStoreContract
{
    protected abstract IBlockStore Store { get; }

    /// <summary>The same content as after a restart of the process.</summary>
    protected abstract IBlockStore Reopen();

    [Fact]
    public void An_empty_store_begins_with_the_genesis_of_the_specification()
    {
        var spec = SpecOf();

        var node = Store.Load(spec);

        node.Tip.Should().Be(spec.Genesis.Hash);
        node.Recent.Should().ContainSingle().Which.Should().Be(new ChainNode(spec.Genesis.Header, 0));
        StoreContent.Of(node.Ledger).Should().Be(StoreContent.Of(LedgerState.Empty));
        node.Pending.Should().BeEmpty();
        node.NextSequence.Should().Be(0);
        var stored = Store.FindBlock(0)!;
        stored.Should().BeEquivalentTo(new { Index = 0, spec.Genesis.Hash, OnBranch = true, Weight = UInt128.Zero });
        stored.Bytes.ToArray().Should().Equal(spec.Genesis.Encode());
    }

    [Fact]
    public void What_was_never_stored_is_not_found()
    {
        Store.Load(SpecOf());
        var unknown = Hash256.Sha256([1]);

        Store.FindBlock(1).Should().BeNull();
        Store.FindBlock(-1).Should().BeNull();
        Store.FindBlock(unknown).Should().BeNull();
        Store.FindTransaction(unknown).Should().BeNull();
        Store.FindDelta(unknown).Should().BeNull();
        Store.ReadChain(1).Should().BeEmpty();
        Store.TicketHistory(new TicketId(unknown.Span[..16]), null, 10).Should().BeEmpty();
        Store.AccountTransactions(Alice.Address, null, 10).Should().BeEmpty();
        Store.Attendance(new EventId(unknown.Span[..16]), -1, 10).Should().BeEmpty();
        Store.Resales(new EventId(unknown.Span[..16]), null, 10).Should().BeEmpty();
        Store.Invoking(store => store.Find(unknown)).Should().Throw<InvalidOperationException>().WithMessage($"*{unknown}*");
    }

    [Fact]
    public void A_store_that_was_not_loaded_is_not_written()
    {
        var commit = () => Store.Commit([]);

        commit.Should().Throw<InvalidOperationException>().WithMessage("*loaded*");
    }

    [Fact] // S3.4
    public void A_store_holds_after_a_restart_what_it_held_before()
    {
        var (chain, ids) = Story(Store);
        var before = StoreContent.Of(Store, chain.Spec, ids);

        var after = StoreContent.Of(Reopen(), chain.Spec, ids);

        after.Should().Be(before);
        StoreContent.Of(Store.Load(chain.Spec).Ledger).Should().Be(StoreContent.Of(chain.Chain.Ledger), "the rows are what the rules made");
    }

    [Fact] // S1.2
    public void The_commitment_to_its_holders_identity_stays_with_a_ticket_and_goes_with_its_holder()
    {
        var chain = new TestChain(Store);
        var tickets = Tickets(chain, 0, "A-1", "A-2", "A-3");
        var (first, second) = (new string('1', 64), new string('2', 64));
        chain.Seal(
            chain.Sign(Alice, "purchase_ticket", ("ticket_id", tickets[0]), ("max_price", 0), ("identity_commitment", first)),
            chain.Sign(Alice, "purchase_ticket", ("ticket_id", tickets[1]), ("max_price", 0), ("identity_commitment", first)),
            chain.Sign(Organiser, "sell_ticket", ("ticket_id", tickets[2]), ("recipient", Bob), ("identity_commitment", second)));
        chain.Seal(
            chain.Sign(Alice, "transfer_ticket", ("ticket_id", tickets[0]), ("recipient", Bob), ("identity_commitment", second)),
            chain.Sign(Bob, "transfer_ticket", ("ticket_id", tickets[2]), ("recipient", Alice)));

        // As it is remembered on top of the rows, and then in them.
        chain = new TestChain(Reopen(), name: "again");
        Commitments().Should().Equal(second, first, null);
        for (var i = 1; i <= 20; i++) chain.Seal(chain.TopUp(Bob, i));
        chain = new TestChain(Reopen(), name: "and again");
        Commitments().Should().Equal(second, first, null);

        IEnumerable<string?> Commitments() => tickets.Select(id => chain.Chain.Ledger.Tickets.Find(id)!.IdentityCommitment?.ToString());
    }

    [Fact]
    public void A_node_goes_on_where_it_was_after_a_restart()
    {
        var chain = new TestChain(Store);
        chain.Seal(chain.TopUp(Alice, 500));
        var waits = chain.Admit(chain.Sign(Alice, "transfer", ("recipient", Bob), ("amount", 7)));

        var again = new TestChain(Reopen(), name: "again");
        again.Pending.ById.Contains(waits.Id).Should().BeTrue();
        again.Seal();

        again.Chain.Tip.Header.Index.Should().Be(2);
        again.Chain.Ledger.BalanceOf(Bob.Address).Should().Be(7);
        again.Store.FindTransaction(waits.Id)!.BlockIndex.Should().Be(2);
    }

    [Fact]
    public void A_transaction_waits_then_is_confirmed_then_waits_again_when_its_block_is_abandoned()
    {
        var chain = new TestChain(Store);
        var transaction = chain.Admit(chain.TopUp(Alice, 500));
        var found = Store.FindTransaction(transaction.Id)!;
        found.Should().BeEquivalentTo(new { Status = TransactionStatus.Pending, BlockIndex = (long?)null, Code = (string?)null });
        found.Transaction.Leaf.Should().Be(transaction.Transaction.Leaf);
        Store.Load(chain.Spec).Pending.Should().ContainSingle().Which.Transaction.Id.Should().Be(transaction.Id);

        chain.Seal();
        Store.FindTransaction(transaction.Id).Should().BeEquivalentTo(new { Status = TransactionStatus.Confirmed, BlockIndex = (long?)1 });
        Store.Load(chain.Spec).Pending.Should().BeEmpty();

        var other = chain.Fork(0, "other");
        other.Seal(other.TopUp(Bob, 1));
        other.Seal(other.TopUp(Bob, 2));
        chain.Take(other.Blocks[0]).Side.Should().NotBeNull();
        chain.Take(other.Blocks[1]).Disconnected.Should().ContainSingle();

        Store.FindTransaction(transaction.Id).Should().BeEquivalentTo(new { Status = TransactionStatus.Pending, BlockIndex = (long?)null });
        var waiting = Store.Load(chain.Spec).Pending.Should().ContainSingle().Which;
        waiting.Transaction.Id.Should().Be(transaction.Id);
        chain.Seal();
        Store.FindTransaction(transaction.Id)!.BlockIndex.Should().Be(3);
    }

    [Fact]
    public void A_disconnected_transaction_that_neither_waits_nor_is_rejected_is_unknown()
    {
        var chain = new TestChain(Store);
        var block = chain.Seal(chain.TopUp(Alice, 500));
        var delta = Store.Find(block.Hash).Delta!;

        Store.Commit([new StoreChange.Disconnected(new DisconnectedBlock(block, delta))]);

        block.Transactions.Should().OnlyContain(transaction => Store.FindTransaction(transaction.Id) == null);
        Store.AccountTransactions(Alice.Address, null, 10).Should().BeEmpty();
        StoreContent.Of(Store.Load(chain.Spec).Ledger).Should().Be(StoreContent.Of(LedgerState.Empty));
    }

    [Fact]
    public void Pending_transactions_keep_their_order_and_the_time_of_their_admission()
    {
        var chain = new TestChain(Store);
        var admitted = Enumerable.Range(1, 20).Select(amount => chain.TopUp(Alice, amount)).ToArray();
        Store.Commit([.. admitted.Select(chain.Admission)]);

        var pending = Reopen().Load(chain.Spec).Pending;

        pending.Select(one => one.Transaction.Id).Should().Equal(admitted.Select(one => one.Id));
        pending.Select(one => one.Sequence).Should().Equal(Enumerable.Range(0, 20).Select(i => (long)i));
        pending.Should().OnlyContain(one => one.AdmittedAt == chain.Now);
        pending.Select(one => one.Transaction.Leaf).Should().Equal(admitted.Select(one => one.Transaction.Leaf), "signatures are kept too");
    }

    [Fact]
    public void A_transaction_admitted_again_gets_its_new_place_and_is_there_once()
    {
        var chain = new TestChain(Store);
        VerifiedTransaction first = chain.TopUp(Alice, 1), second = chain.TopUp(Alice, 2);
        Store.Commit([chain.Admission(first), chain.Admission(second)]);

        Store.Commit([new StoreChange.Admitted(new PendingTransaction(first, 7, chain.Now, new TransactionEffects([], [])))]);

        Store.Load(chain.Spec).Pending.Select(one => (one.Transaction.Id, one.Sequence)).Should().Equal((second.Id, 1), (first.Id, 7));
        Store.Load(chain.Spec).NextSequence.Should().Be(8);
    }

    [Fact]
    public void A_sequence_is_never_used_again_also_when_all_that_waited_is_gone()
    {
        var chain = new TestChain(Store);
        Store.Commit([chain.Admission(chain.TopUp(Alice, 1)), chain.Admission(chain.TopUp(Alice, 2))]);
        chain.Seal();

        var node = Reopen().Load(chain.Spec);

        node.Pending.Should().BeEmpty();
        node.NextSequence.Should().Be(2);
    }

    [Fact]
    public void A_rejected_transaction_says_why_and_does_not_wait()
    {
        var chain = new TestChain(Store);
        var transaction = chain.Admit(chain.TopUp(Alice, 1));

        Store.Commit([Rejection(transaction, "expired", "valid_until was 1 – «it is» 2.")]);

        var store = Reopen();
        store.FindTransaction(transaction.Id).Should().BeEquivalentTo(
            new { Status = TransactionStatus.Rejected, BlockIndex = (long?)null, Code = "expired", Detail = "valid_until was 1 – «it is» 2." });
        store.FindTransaction(transaction.Id)!.Transaction.Leaf.Should().Be(transaction.Transaction.Leaf);
        store.Load(chain.Spec).Pending.Should().BeEmpty();
    }

    [Fact]
    public void A_rejected_transaction_that_a_block_holds_after_all_is_confirmed()
    {
        var chain = new TestChain(Store);
        var transaction = chain.TopUp(Alice, 1);
        Store.Commit([Rejection(transaction, "expired", "late")]);
        Store.Commit([Rejection(transaction, "reference_used", "later")]);
        Store.FindTransaction(transaction.Id)!.Code.Should().Be("reference_used");

        chain.Seal(transaction);

        Store.FindTransaction(transaction.Id).Should().BeEquivalentTo(new { Status = TransactionStatus.Confirmed, Code = (string?)null, Detail = (string?)null });
    }

    [Fact]
    public void A_rejected_transaction_admitted_again_waits_and_is_not_rejected()
    {
        var chain = new TestChain(Store);
        var transaction = chain.TopUp(Alice, 1);
        Store.Commit([Rejection(transaction, "expired", "late")]);

        chain.Admit(transaction);

        Store.FindTransaction(transaction.Id)!.Status.Should().Be(TransactionStatus.Pending);
        Store.Commit([Rejection(transaction, "expired", "late")]);
        Store.Load(chain.Spec).Pending.Should().BeEmpty();
    }

    [Fact] // S0.14: sold to A, back to the organiser, sold to B, for ever
    public void A_tickets_history_is_every_change_oldest_first()
    {
        var chain = new TestChain(Store);
        var ticket = Tickets(chain, 5_000, "A-1")[0];
        var sold = chain.Seal(chain.TopUp(Alice, 9_000), chain.TopUp(Bob, 9_000), chain.Buy(Alice, ticket));
        chain.Seal(chain.Sign(Alice, "return_ticket", ("ticket_id", ticket)), chain.Buy(Bob, ticket));

        var history = Reopen().TicketHistory(ticket, null, 10);

        history.Select(line => (line.Change.Type, line.Change.Status, line.Change.From, line.Change.To, line.Change.Price)).Should().Equal(
            ("issue_tickets", TicketStatus.Unsold, null, Organiser.Address, 5_000),
            ("purchase_ticket", TicketStatus.Sold, Organiser.Address, Alice.Address, 5_000),
            ("return_ticket", TicketStatus.Unsold, Alice.Address, Organiser.Address, 5_000),
            ("purchase_ticket", TicketStatus.Sold, Organiser.Address, Bob.Address, 5_000));
        history.Select(line => line.Position.BlockIndex).Should().Equal(2, 3, 4, 4);
        history.Select(line => line.Position).Should().BeInAscendingOrder((a, b) => (a.BlockIndex, a.Position).CompareTo((b.BlockIndex, b.Position)));
        history[1].TransactionId.Should().Be(sold.Transactions[3].Id);
        history[1].BlockTime.Should().Be(sold.Header.Timestamp);
        history.Should().OnlyContain(line => line.Change.Ticket == ticket);
    }

    [Fact]
    public void Every_kind_of_change_is_told_as_it_was()
    {
        var chain = new TestChain(Store);
        var tickets = Tickets(chain, 0, "A-1", "A-2", "A-3");
        var expected = new List<TicketChange>();
        void Does(VerifiedTransaction transaction)
        {
            var (update, changes) = chain.Judge(chain.Forge(transaction));
            Store.Commit(changes);
            chain.Settle(update);
            expected.AddRange(update.Connected[0].Outcome.Effects[1].Changes.Where(change => change.Ticket == tickets[0]));
        }

        Does(chain.Buy(Alice, tickets[0]));
        Does(chain.Sign(Alice, "list_ticket", ("ticket_id", tickets[0]), ("price", 900)));
        Does(chain.Sign(Alice, "unlist_ticket", ("ticket_id", tickets[0])));
        Does(chain.Sign(Alice, "transfer_ticket", ("ticket_id", tickets[0]), ("recipient", Bob)));
        Does(chain.Sign(Bob, "return_ticket", ("ticket_id", tickets[0])));
        Does(chain.Sign(Organiser, "sell_ticket", ("ticket_id", tickets[0]), ("recipient", Alice), ("price", 77)));
        Does(chain.Sign(Gate, "redeem_ticket", ("ticket_id", tickets[0])));
        Does(chain.Sign(Organiser, "revoke_ticket", ("ticket_id", tickets[1])));

        Store.TicketHistory(tickets[0], null, 100).Skip(1).Select(line => line.Change).Should().Equal(expected);
        Store.TicketHistory(tickets[1], null, 100)[^1].Change.Should().Be(new TicketChange(tickets[1], "revoke_ticket", TicketStatus.Revoked, Organiser.Address, Organiser.Address, 0));
        expected.Should().HaveCount(7);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(100)]
    public void A_tickets_history_in_pages_is_the_same_history(int limit)
    {
        var (chain, _) = Story(Store);
        foreach (var (ticket, _) in chain.Chain.Ledger.Tickets)
        {
            var paged = new List<StoredTicketChange>();
            for (HistoryPosition? after = null; Store.TicketHistory(ticket, after, limit) is { Count: > 0 } page; after = page[^1].Position)
            {
                page.Count.Should().BeLessThanOrEqualTo(limit);
                paged.AddRange(page);
            }

            paged.Should().Equal(Store.TicketHistory(ticket, null, int.MaxValue)).And.NotBeEmpty();
        }
    }

    [Theory] // S0.13
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(100)]
    public void An_accounts_transactions_in_pages_come_newest_first(int limit)
    {
        var (chain, _) = Story(Store);
        var expected = chain.Store.ReadChain(0)
            .SelectMany(stored => Block.Decode(stored.Bytes.Span, 1_000).Value.Transactions.Select((transaction, i) => (Position: new HistoryPosition(stored.Index, i), transaction.Id, transaction.Payload)))
            .Where(line => line.Payload.Sender == Organiser.Address || line.Payload.Operation is Reward or PurchaseTicket or ReturnTicket or RevokeTicket || line.Payload.Operation is TransferCoins { } coins && coins.Recipient == Organiser.Address)
            .Select(line => (line.Position, line.Id)).Reverse().ToArray();

        var paged = new List<(HistoryPosition, Hash256)>();
        for (HistoryPosition? before = null; Store.AccountTransactions(Organiser.Address, before, limit) is { Count: > 0 } page; before = page[^1].Position)
        {
            page.Count.Should().BeLessThanOrEqualTo(limit);
            paged.AddRange(page.Select(line => (line.Position, line.Transaction.Id)));
        }

        paged.Should().Equal(expected).And.HaveCountGreaterThan(8);
    }

    [Fact]
    public void An_account_reads_what_it_sent_got_and_lost_and_nothing_else()
    {
        var chain = new TestChain(Store);
        VerifiedTransaction alices = chain.TopUp(Alice, 100), bobs = chain.TopUp(Bob, 100), gift = chain.Sign(Alice, "transfer", ("recipient", Bob), ("amount", 1));
        chain.Seal(alices, bobs, gift);

        Ids(Alice).Should().Equal(gift.Id, alices.Id);
        Ids(Bob).Should().Equal(gift.Id, bobs.Id);
        Ids(Bank).Should().Equal(bobs.Id, alices.Id);
        Ids(Gate).Should().BeEmpty();
        Ids(Organiser).Should().ContainSingle("the block's reward");

        IEnumerable<Hash256> Ids(Person person) => Store.AccountTransactions(person.Address, null, 10).Select(line => line.Transaction.Id);
    }

    [Fact]
    public void Attendance_counts_the_redeemed_tickets_of_each_block()
    {
        var chain = new TestChain(Store);
        var tickets = Tickets(chain, 0, "A-1", "A-2", "A-3", "A-4");
        var id = chain.Chain.Ledger.Tickets.Find(tickets[0])!.Event;
        chain.Seal([.. tickets.Select(ticket => chain.Buy(Alice, ticket))]);
        VerifiedBlock[] redeeming = [chain.Seal(Redeem(0), Redeem(1)), chain.Seal(chain.TopUp(Bob, 1)), chain.Seal(Redeem(2))];

        Reopen().Attendance(id, -1, 10).Should().Equal(
            new StoredAttendance(4, redeeming[0].Header.Timestamp, 2), new StoredAttendance(6, redeeming[2].Header.Timestamp, 1));
        Store.Attendance(id, 4, 10).Should().ContainSingle().Which.BlockIndex.Should().Be(6);
        Store.Attendance(id, -1, 1).Should().ContainSingle().Which.BlockIndex.Should().Be(4);

        VerifiedTransaction Redeem(int i) => chain.Sign(Gate, "redeem_ticket", ("ticket_id", tickets[i]));
    }

    [Fact]
    public void Resales_of_an_event_are_read_in_order_and_page_by_page()
    {
        var chain = new TestChain(Store);
        var tickets = Tickets(chain, 1_000, "A-1", "A-2");
        var id = chain.Chain.Ledger.Tickets.Find(tickets[0])!.Event;
        chain.Seal(chain.TopUp(Alice, 10_000), chain.TopUp(Bob, 10_000), chain.Buy(Alice, tickets[0]), chain.Buy(Bob, tickets[1]));
        chain.Seal(List(Alice, 0, 1_500), List(Bob, 1, 900));
        VerifiedTransaction first = chain.Buy(Bob, tickets[0]), second = chain.Buy(Alice, tickets[1]), third = chain.Buy(Alice, tickets[0]);
        // Bought, offered again and bought back in one block.
        var block = chain.Seal(first, second, List(Bob, 0, 2_000), third);
        var time = block.Header.Timestamp;
        var another = EventId.Of(chain.CreateEvent().Id);
        StoredResale[] expected =
        [
            new(new HistoryPosition(5, 0), first.Id, 1_500, 1_000, time), new(new HistoryPosition(5, 1), second.Id, 900, 1_000, time), new(new HistoryPosition(5, 3), third.Id, 2_000, 1_000, time),
        ];

        Reopen().Resales(id, null, 10).Should().Equal(expected, "first sales are none");
        Store.Resales(id, null, 2).Should().Equal(expected[..2]);
        Store.Resales(id, expected[1].Position, 10).Should().Equal(expected[2..]);
        Store.Resales(id, expected[2].Position, 10).Should().BeEmpty();
        Store.Resales(another, null, 10).Should().BeEmpty("each event has its own");

        VerifiedTransaction List(Person who, int ticket, long price) => chain.Sign(who, "list_ticket", ("ticket_id", tickets[ticket]), ("price", price));
    }

    [Fact]
    public void A_resale_goes_with_its_block_when_that_is_abandoned()
    {
        var chain = new TestChain(Store);
        var tickets = Tickets(chain, 1_000, "A-1");
        var id = chain.Chain.Ledger.Tickets.Find(tickets[0])!.Event;
        chain.Seal(chain.TopUp(Alice, 10_000), chain.TopUp(Bob, 10_000), chain.Buy(Alice, tickets[0]), chain.Sign(Alice, "list_ticket", ("ticket_id", tickets[0]), ("price", 1_500)));
        var other = chain.Fork(3, "other");
        var abandoned = chain.Buy(Bob, tickets[0]);
        chain.Seal(abandoned);
        Store.Resales(id, null, 10).Should().ContainSingle().Which.TransactionId.Should().Be(abandoned.Id);

        other.Seal(other.TopUp(Gate, 1));
        var kept = other.Buy(Bob, tickets[0]);
        other.Seal(kept);
        foreach (var block in other.Blocks[^2..]) chain.Take(block);

        Reopen().Resales(id, null, 10).Should().ContainSingle().Which.Should().BeEquivalentTo(new { TransactionId = kept.Id, Position = new HistoryPosition(5, 0) });
    }

    [Fact]
    public void The_archive_gives_a_block_of_our_branch_with_what_it_changed()
    {
        var chain = new TestChain(Store);
        Tickets(chain, 10, "A-1", "A-2");
        var (update, changes) = chain.Judge(chain.Forge(chain.TopUp(Alice, 5), chain.Sign(Bob, "record", ("data", "x"))));
        Store.Commit(changes);

        var archived = Reopen().Find(update.Connected[0].Block.Hash);

        archived.Block.Encode().Should().Equal(update.Connected[0].Block.Block.Encode());
        archived.Delta.Should().Be(update.Connected[0].Outcome.Delta);
        Reopen().FindDelta(archived.Block.Hash).Should().Be(archived.Delta);
    }

    [Fact]
    public void A_side_block_is_kept_with_its_weight_and_counts_for_nothing()
    {
        var chain = new TestChain(Store);
        chain.Seal(chain.TopUp(Alice, 5));
        var before = StoreContent.OfBranch(Store, chain.Chain.Ledger);
        var other = chain.Fork(0, "other");
        var side = other.Seal(other.TopUp(Bob, 3));

        chain.Take(side);

        var store = Reopen();
        StoreContent.OfBranch(store, store.Load(chain.Spec).Ledger).Should().Be(before);
        store.FindBlock(side.Hash).Should().BeEquivalentTo(new { Index = 1L, side.Hash, OnBranch = false, Weight = (UInt128)2 });
        store.FindBlock(side.Hash)!.Bytes.ToArray().Should().Equal(side.Block.Encode());
        store.FindBlock(1)!.Hash.Should().NotBe(side.Hash);
        store.Find(side.Hash).Delta.Should().BeNull();
        store.FindDelta(side.Hash).Should().BeNull();
        store.FindTransaction(side.Transactions[1].Id).Should().BeNull();
        store.Load(chain.Spec).Recent.Select(node => node.Hash).Should().BeEquivalentTo([chain.Spec.Genesis.Hash, chain.Blocks[0].Hash, side.Hash]);
        store.Load(chain.Spec).Recent.Single(node => node.Hash == side.Hash).Weight.Should().Be(2);
    }

    [Fact]
    public void A_side_block_offered_twice_or_on_our_branch_changes_nothing()
    {
        var chain = new TestChain(Store);
        chain.Seal(chain.TopUp(Alice, 5));
        var other = chain.Fork(0, "other");
        chain.Take(other.Seal(other.TopUp(Bob, 3)));
        var before = StoreContent.Of(Store, chain.Spec);

        Store.Commit([new StoreChange.Sided(new SideBlock(other.Blocks[0], 2)), new StoreChange.Sided(new SideBlock(chain.Blocks[0], 2))]);

        StoreContent.Of(Store, chain.Spec).Should().Be(before);
        Store.FindBlock(chain.Blocks[0].Hash)!.OnBranch.Should().BeTrue();
    }

    [Fact]
    public void A_side_block_is_dropped_when_no_reorganisation_can_reach_it_any_more()
    {
        var chain = new TestChain(Store, SpecOf(reorganisationLimit: 2));
        chain.Seal(chain.TopUp(Alice, 5));
        var other = chain.Fork(0, "other");
        VerifiedBlock[] sides = [.. Enumerable.Range(1, 40).Select(amount => other.Forge(other.TopUp(Bob, amount)))];
        foreach (var side in sides) chain.Take(side);
        for (var i = 0; i < Blockchain.Kept(chain.Spec); i++) chain.Seal();
        sides.Should().OnlyContain(side => Store.FindBlock(side.Hash) != null, "the headers of its height are kept still");
        chain.Seal();
        sides.Should().Contain(side => Store.FindBlock(side.Hash) == null);
        for (var i = 0; i < 2; i++) chain.Seal();

        var store = Reopen();
        sides.Should().OnlyContain(side => store.FindBlock(side.Hash) == null);
        store.Load(chain.Spec).Recent.Should().OnlyContain(node => store.FindBlock(node.Hash)!.OnBranch);
    }

    [Fact]
    public void After_a_reorganisation_the_store_says_what_one_that_saw_only_the_other_branch_says()
    {
        var (chain, ids) = Story(Store);
        var other = chain.Fork(2, "other");
        while (other.Chain.Tip.Header.Index <= chain.Chain.Tip.Header.Index) other.Seal(other.TopUp(Bob, 3), other.Sign(Alice, "record", ("data", "of the other branch")));

        var left = chain.Chain.Tip.Header.Index - 2;
        foreach (var block in other.Blocks.Skip(2)) chain.Take(block);

        chain.Chain.Tip.Should().Be(other.Chain.Tip);
        StoreContent.Of(Store.Load(chain.Spec).Ledger).Should().Be(StoreContent.Of(other.Store.Load(chain.Spec).Ledger));
        StoreContent.OfBranch(Store, chain.Chain.Ledger).Should().Be(StoreContent.OfBranch(other.Store, other.Chain.Ledger));
        Store.Load(chain.Spec).Recent.Should().HaveCount(1 + (int)other.Chain.Tip.Header.Index + (int)left, "what was abandoned is a side branch now");
        var abandoned = ids.Where(id => other.Store.FindTransaction(id) is null).Select(id => Store.FindTransaction(id)).ToArray();
        abandoned.Should().Contain(found => found != null && found.Status == TransactionStatus.Pending).And.OnlyContain(found => found == null || found.Status != TransactionStatus.Confirmed);
    }

    [Fact]
    public void Going_to_another_branch_and_back_leaves_everything_as_it_was()
    {
        var (chain, ids) = Story(Store);
        var tip = chain.Chain.Tip.Header.Index;
        var (ledger, branch) = (StoreContent.Of(chain.Chain.Ledger), StoreContent.OfBranch(Store, chain.Chain.Ledger));
        TestChain ours = chain.Fork(tip, "ours"), other = chain.Fork(1, "other");
        while (other.Chain.Tip.Header.Index <= tip) other.Seal(other.TopUp(Bob, 3));
        foreach (var block in other.Blocks.Skip(1)) chain.Take(block);
        chain.Chain.Tip.Should().Be(other.Chain.Tip);

        for (var i = 0; i < 2; i++) ours.Seal(ours.TopUp(Bob, 4));
        foreach (var block in ours.Blocks.Skip((int)tip)) chain.Take(block);
        chain.Chain.Tip.Should().Be(ours.Chain.Tip);
        foreach (var block in ours.Blocks.Skip((int)tip).Reverse())
            Store.Commit([new StoreChange.Disconnected(new DisconnectedBlock(block, Store.Find(block.Hash).Delta!))]);

        var restored = Reopen().Load(chain.Spec).Ledger;
        StoreContent.Of(restored).Should().Be(ledger);
        StoreContent.OfBranch(Store, restored).Should().Be(branch);
        Store.FindTransaction(ids[0])!.Status.Should().Be(TransactionStatus.Confirmed);
    }

    [Theory]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(33)]
    public void A_long_branch_is_left_for_a_longer_one_block_by_block_or_at_once(int length)
    {
        var chain = new TestChain(Store);
        var ticket = Tickets(chain, 0, "A-1", "A-2")[0];
        while (chain.Chain.Tip.Header.Index < length) chain.Seal(chain.TopUp(Alice, chain.Blocks.Count), chain.Sign(Alice, "record", ("data", chain.Blocks.Count)));
        var other = chain.Fork(10, "other");
        other.Seal(other.Buy(Bob, ticket));
        while (other.Chain.Tip.Header.Index <= length) other.Seal(other.TopUp(Bob, 3));

        foreach (var block in other.Blocks.Skip(10)) chain.Take(block);

        chain.Chain.Tip.Should().Be(other.Chain.Tip);
        var store = Reopen();
        StoreContent.Of(store.Load(chain.Spec).Ledger).Should().Be(StoreContent.Of(other.Chain.Ledger));
        StoreContent.OfBranch(store, other.Chain.Ledger).Should().Be(StoreContent.OfBranch(other.Store, other.Chain.Ledger));
        for (var index = other.Chain.Tip.Header.Index; index > 0; index--)
        {
            var block = other.Blocks[(int)index - 1];
            store.Commit([new StoreChange.Disconnected(new DisconnectedBlock(block, store.Find(block.Hash).Delta!))]);
        }

        StoreContent.Of(Reopen().Load(chain.Spec).Ledger).Should().Be(StoreContent.Of(LedgerState.Empty));
    }

    [Fact]
    public void What_the_ledger_forgot_stays_forgotten_and_comes_back_when_that_block_is_undone()
    {
        var chain = new TestChain(Store, SpecOf(reorganisationLimit: 2)) { ValidUntil = (GenesisTime / 1_000) + 4 };
        VerifiedTransaction[] early = [chain.TopUp(Alice, 1), chain.TopUp(Alice, 2)];
        chain.Seal(early);
        chain.ValidUntil += 86_400;
        var before = chain.Chain.Ledger;
        while (chain.Chain.Ledger.Seen.Contains(KeyOf(early[0])))
        {
            before = chain.Chain.Ledger;
            chain.Seal(chain.Sign(Bob, "record", ("data", "time goes by")));
        }

        var tip = chain.Blocks[^1];
        StoreContent.Of(Reopen().Load(chain.Spec).Ledger).Should().Be(StoreContent.Of(chain.Chain.Ledger));
        Store.Commit([new StoreChange.Disconnected(new DisconnectedBlock(tip, Store.Find(tip.Hash).Delta!))]);

        before.Seen.Contains(KeyOf(early[1])).Should().BeTrue();
        StoreContent.Of(Reopen().Load(chain.Spec).Ledger).Should().Be(StoreContent.Of(before));

        static NumberedHash KeyOf(VerifiedTransaction transaction) => new(transaction.Payload.ValidUntil, transaction.Id);
    }

    [Fact]
    public void A_commit_that_fails_half_way_leaves_everything_as_it_was()
    {
        var (chain, ids) = Story(Store);
        var waits = chain.Admit(chain.TopUp(Gate, 1));
        var before = StoreContent.Of(Store, chain.Spec, ids.Append(waits.Id));
        var (_, changes) = chain.Judge(chain.Forge());
        var admission = chain.Admission(chain.TopUp(Gate, 2));
        var stranger = new TestChain(new InMemoryBlockStore(), name: "stranger");
        var (elsewhere, _) = stranger.Judge(stranger.Forge(stranger.TopUp(Bob, 3)));

        var commit = () => Store.Commit([.. changes, admission, Rejection(chain.TopUp(Gate, 3), "expired", "late"), new StoreChange.Connected(elsewhere.Connected[0])]);

        commit.Should().Throw<InvalidOperationException>().WithMessage("*does not follow the stored tip*");
        StoreContent.Of(Store, chain.Spec, ids.Append(waits.Id)).Should().Be(before);
        Store.Commit([.. changes, admission]);
        StoreContent.Of(Store, chain.Spec, ids.Append(waits.Id)).Should().NotBe(before);
    }

    [Fact]
    public void Only_the_tip_can_be_disconnected_and_genesis_never()
    {
        var chain = new TestChain(Store);
        var first = chain.Seal(chain.TopUp(Alice, 1));
        var delta = Store.Find(first.Hash).Delta!;
        chain.Seal(chain.TopUp(Alice, 2));

        foreach (var block in new[] { first, VerifiedBlock.Restore(chain.Spec.Genesis) })
        {
            var commit = () => Store.Commit([new StoreChange.Disconnected(new DisconnectedBlock(block, delta))]);
            commit.Should().Throw<InvalidOperationException>().WithMessage("*is not the stored tip*");
        }
    }

    [Fact]
    public void A_store_of_another_chain_is_refused_saying_which_it_holds()
    {
        Store.Load(SpecOf(chainId: "first-chain"));

        var load = () => Reopen().Load(SpecOf(chainId: "second-chain"));

        var failure = load.Should().Throw<StorageException>().Which;
        failure.Fault.Should().Be(StorageFault.NotOurs);
        failure.Message.Should().Contain("first-chain").And.Contain("second-chain").And.Contain(SpecOf(chainId: "first-chain").Genesis.Hash.ToString());
        Reopen().Load(SpecOf(chainId: "first-chain")).Tip.Should().Be(SpecOf(chainId: "first-chain").Genesis.Hash);
    }

    [Fact]
    public void Recent_headers_reach_back_as_far_as_a_reorganisation_can_touch_and_no_further()
    {
        var chain = new TestChain(Store, SpecOf(reorganisationLimit: 3));
        for (var i = 0; i < 20; i++) chain.Seal(chain.Sign(Alice, "record", ("data", i)));

        var recent = Reopen().Load(chain.Spec).Recent;

        recent.Select(node => node.Header.Index).Should().Equal(Enumerable.Range(5, 16).Select(i => (long)i), "3 can be undone, the first of them needs 11 before it, and one more is what the chain itself keeps");
        recent.Should().HaveCount(chain.Chain.Count);
        recent[^1].Weight.Should().Be(chain.Chain.Tip.Weight);
    }

    [Fact]
    public void The_chain_is_read_from_any_block_on_and_no_further_than_asked()
    {
        var (chain, _) = Story(Store);
        var tip = chain.Chain.Tip.Header.Index;

        Store.ReadChain(0).Select(block => block.Index).Should().Equal(Enumerable.Range(0, (int)tip + 1).Select(i => (long)i));
        Store.ReadChain(2, 3).Select(block => block.Index).Should().Equal(2, 3, 4);
        Store.ReadChain(tip, 3).Should().ContainSingle().Which.Hash.Should().Be(chain.Chain.Tip.Hash);
        Store.ReadChain(tip + 1).Should().BeEmpty();
        Store.ReadChain(0, 0).Should().BeEmpty();
        Store.ReadChain(-5, 2).Select(block => block.Index).Should().Equal(0, 1);
        Store.ReadChain(0).Should().OnlyContain(block => block.OnBranch);
    }

    [Fact]
    public void Headers_are_read_with_their_seals_and_without_what_follows_them()
    {
        var (chain, _) = Story(Store);
        var (tip, starts) = (chain.Chain.Tip.Header.Index, Store.ReadChain(0).Select(block => (block.Index, block.Hash, Convert.ToHexString(block.Bytes.Span[..Math.Min(block.Bytes.Length, StoredHeader.MaxSize)]))).ToArray());

        Store.ReadHeaders(0, 1_000).Select(header => (header.Index, header.Hash, Convert.ToHexString(header.Bytes.Span))).Should().Equal(starts);
        Store.ReadHeaders(2, 3).Select(header => header.Index).Should().Equal(2, 3, 4);
        Store.ReadHeaders(tip, 3).Should().ContainSingle().Which.Hash.Should().Be(chain.Chain.Tip.Hash);
        Store.ReadHeaders(tip + 1, 1).Should().BeEmpty();
        Store.ReadHeaders(0, 0).Should().BeEmpty();
        StoredHeader.MaxSize.Should().Be(310, "a header of 180 bytes, a count of 1 and a signature of 129");
    }

    [Fact]
    public void An_index_is_found_by_the_hash_of_a_block_of_our_branch_alone()
    {
        var (chain, _) = Story(Store);
        var other = chain.Fork(1, "other");
        var side = other.Seal(other.TopUp(Bob, 3));
        chain.Take(side);

        foreach (var block in Store.ReadChain(0)) Store.FindIndex(block.Hash).Should().Be(block.Index);
        Store.FindIndex(side.Hash).Should().BeNull("it is on no branch of ours");
        Store.FindIndex(Hash256.Sha256("nothing"u8)).Should().BeNull();
    }

    [Fact]
    public void A_chain_being_read_does_not_change_under_its_reader()
    {
        var (chain, _) = Story(Store);
        var tip = chain.Chain.Tip;
        using var reading = Store.ReadChain(0).GetEnumerator();
        reading.MoveNext();

        var other = chain.Fork(1, "other");
        while (other.Chain.Tip.Header.Index <= tip.Header.Index) other.Seal(other.TopUp(Bob, 3));
        foreach (var block in other.Blocks.Skip(1)) chain.Take(block);
        var last = reading.Current;
        while (reading.MoveNext()) last = reading.Current;

        last.Hash.Should().Be(tip.Hash);
        Store.ReadChain(0).Last().Hash.Should().Be(other.Chain.Tip.Hash);
    }

    [Fact]
    public async Task Readers_on_many_threads_see_whole_commits()
    {
        var chain = new TestChain(Store);
        using var done = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 3).Select(_ => Task.Run(() =>
        {
            while (!done.IsCancellationRequested)
            {
                var blocks = Store.ReadChain(0).ToList();
                blocks.Select(block => block.Index).Should().Equal(Enumerable.Range(0, blocks.Count).Select(i => (long)i));
                foreach (var line in Store.AccountTransactions(Alice.Address, null, 5)) Store.FindTransaction(line.Transaction.Id)!.BlockIndex.Should().Be(line.Position.BlockIndex);
            }
        })).ToArray();

        for (var i = 1; i <= 25; i++) chain.Seal(chain.TopUp(Alice, i), chain.TopUp(Bob, i));
        await done.CancelAsync();

        await Task.WhenAll(readers);
        Store.AccountTransactions(Alice.Address, null, 100).Should().HaveCount(25);
    }

    protected static StoreChange Rejection(VerifiedTransaction transaction, string code, string detail) =>
        new StoreChange.Rejected(new RejectedTransaction(transaction, new Refusal(code, detail)));

    /// <summary>An event with tickets, in blocks 1 and 2.</summary>
    protected static TicketId[] Tickets(TestChain chain, long price, params string[] seats)
    {
        var created = chain.CreateEvent();
        var id = EventId.Of(created.Id);
        chain.Seal(created);
        chain.Seal(chain.Issue(id, price, seats));
        return [.. seats.Select(seat => IssueTickets.TicketOf(id, 0, seat))];
    }

    /// <summary>A few blocks in which most of what can happen happens, one transaction rejected and two waiting; and the ids of all transactions.</summary>
    internal static (TestChain Chain, Hash256[] Ids) Story(IBlockStore store, ChainSpec? spec = null)
    {
        var chain = new TestChain(store, spec);
        var tickets = Tickets(chain, 1_000, "A-1", "A-2", "A-3");
        chain.Seal(chain.TopUp(Alice, 10_000), chain.TopUp(Bob, 10_000), chain.Buy(Alice, tickets[0]), chain.Buy(Alice, tickets[1]), chain.Buy(Bob, tickets[2]));
        chain.Seal(chain.Sign(Alice, "list_ticket", ("ticket_id", tickets[0]), ("price", 1_500)), chain.Sign(Alice, "list_ticket", ("ticket_id", tickets[1]), ("price", 900), ("buyer", Bob)));
        chain.Seal(chain.Buy(Bob, tickets[0]), chain.Sign(Bob, "return_ticket", ("ticket_id", tickets[2])), chain.Sign(Bob, "transfer", ("recipient", Gate), ("amount", 5)));
        chain.Seal(chain.Sign(Gate, "redeem_ticket", ("ticket_id", tickets[0])), chain.Sign(Alice, "record", ("data", new { note = "né" })));
        var rejected = chain.TopUp(Gate, 1);
        store.Commit([Rejection(rejected, "expired", "late")]);
        var waiting = chain.Admit(chain.Sign(Alice, "transfer", ("recipient", Bob), ("amount", 1)));
        chain.Admit(chain.TopUp(Gate, 2));
        Hash256[] ids = [.. chain.Blocks.SelectMany(block => block.Transactions).Select(transaction => transaction.Id), rejected.Id, .. chain.Pending.ById.Select(entry => entry.Key)];
        return (chain, ids);
    }
}
