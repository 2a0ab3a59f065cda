using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;
using SecuTicket.Node.Sealing;
using SecuTicket.Node.Storage;
using static SecuTicket.Node.Tests.TestChain;

namespace SecuTicket.Node.Tests.Loop;

public class NodeLoopTests
{
    private static readonly SealingSettings Automatic = new() { MinPending = 3, MaxWait = TimeSpan.FromSeconds(60), MinSpacing = TimeSpan.FromMilliseconds(250), MaxJitter = TimeSpan.Zero };

    [Fact]
    public void A_submitted_transaction_is_stored_before_it_is_answered()
    {
        var node = new LoopScenario();
        var topUp = node.Elsewhere.TopUp(Alice, 500);
        var reply = new Reply<IReadOnlyList<Submission>>();

        var effects = node.Loop.Step(new NodeCommand.Submit([topUp], reply), node.Now);

        effects.OfType<NodeEffect.Store>().Should().ContainSingle().Which.Change.Should().BeOfType<StoreChange.Admitted>();
        reply.Answer.IsCompleted.Should().BeFalse("nothing is durable yet");
        effects.OfType<NodeEffect.Answer>().Single().Deliver();
        LoopScenario.Answered(reply.Answer).Value.Single().Should().BeEquivalentTo(new Submission(topUp.Id, TransactionStatus.Pending, true, 1, null));
    }

    [Fact]
    public void The_same_transaction_again_is_answered_with_its_present_status() // S4.4
    {
        var node = new LoopScenario();
        var topUp = node.Elsewhere.TopUp(Alice, 500);

        node.Submit(topUp).IsNew.Should().BeTrue();
        node.Submit(topUp).Should().Match<Submission>(again => !again.IsNew && again.Status == TransactionStatus.Pending);
        node.Mine();
        node.Submit(topUp).Should().Match<Submission>(again => !again.IsNew && again.Status == TransactionStatus.Confirmed);
        node.Loop.State.Chain.Ledger.BalanceOf(Alice.Address).Should().Be(500);
    }

    [Fact]
    public void What_time_made_impossible_is_rejected_with_the_next_block_also_when_that_took_all_before_it()
    {
        var node = new LoopScenario();
        var topUp = node.Elsewhere.TopUp(Alice, 500);
        node.Elsewhere.ValidUntil = (node.Now / 1000) + 5;
        var brief = node.Elsewhere.Sign(Alice, TransferCoins.TypeName, ("recipient", Bob), ("amount", 1));
        node.SubmitAll(topUp, brief).Should().OnlyContain(submission => submission.IsNew);

        node.Now += 10_000;
        node.Mine();

        node.Loop.State.Pending.Count.Should().Be(0);
        node.Store.FindTransaction(topUp.Id)!.Status.Should().Be(TransactionStatus.Confirmed);
        node.Store.FindTransaction(brief.Id)!.Status.Should().Be(TransactionStatus.Rejected);
    }

    [Fact]
    public void What_came_while_a_block_was_sealed_waits_for_the_next_one_as_it_was_admitted()
    {
        var node = new LoopScenario();
        node.Submit(node.Elsewhere.TopUp(Alice, 500));
        var asked = node.AskForBlock();
        var payment = node.Elsewhere.Sign(Alice, TransferCoins.TypeName, ("recipient", Bob), ("amount", 200));
        node.Jobs[^1].Template.Transactions.Count.Should().Be(2, "of the reward and the payment in");
        node.Submit(payment);
        var admitted = node.Loop.State.Pending.ById.Find(payment.Id);

        node.FindNonce();

        LoopScenario.Answered(asked).IsAccepted.Should().BeTrue();
        node.Loop.State.Pending.ById.Find(payment.Id).Should().BeSameAs(admitted, "it was not judged again");
        node.Loop.State.Pending.State.BalanceOf(Bob.Address).Should().Be(200);
        node.Loop.State.Pending.State.Supply.Should().Be(node.Loop.State.Chain.Ledger.Supply);
        node.Mine();
        node.Loop.State.Pending.Count.Should().Be(0);
        node.Loop.State.Chain.Ledger.BalanceOf(Bob.Address).Should().Be(200);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Each_is_told_the_block_that_it_will_be_in(bool byBytes)
    {
        var spec = byBytes ? SpecOf() with { MaxBlockSize = 2_200 } : SpecOf() with { MaxBlockTransactions = 4 };
        var node = new LoopScenario(spec: spec);
        VerifiedTransaction[] topUps = [.. Enumerable.Range(1, 9).Select(amount => node.Elsewhere.TopUp(Alice, 100 + amount))];
        List<Submission> said = [.. node.SubmitAll(topUps[..5]), node.Submit(topUps[5])];
        said.Select(static one => one.BlockIndex).Should().BeInAscendingOrder().And.EndWith(2);
        var asked = node.AskForBlock();
        said.AddRange(node.SubmitAll(topUps[6..]));
        node.SubmitAll(topUps).Select(static one => one.BlockIndex).Should().Equal(said.Select(static one => one.BlockIndex), "it is said again of what waits");

        node.FindNonce();
        LoopScenario.Answered(asked).IsAccepted.Should().BeTrue();
        while (node.Loop.State.Pending.Count > 0) node.Mine();

        said.Select(one => node.Store.FindTransaction(one.Id)!.BlockIndex).Should().Equal(said.Select(static one => one.BlockIndex));
    }

    [Fact]
    public void A_refused_transaction_leaves_no_trace()
    {
        var node = new LoopScenario();
        var before = node.Loop.State;
        var poor = node.Elsewhere.Sign(Alice, TransferCoins.TypeName, ("recipient", Bob), ("amount", 1));

        node.Submit(poor).Refusal!.Code.Should().Be(RefusalCodes.InsufficientFunds);
        node.Loop.State.Pending.Should().BeSameAs(before.Pending);
        node.Store.FindTransaction(poor.Id).Should().BeNull();
        node.Events.Should().BeEmpty();
    }

    [Fact]
    public void A_block_asked_for_is_sealed_also_when_nothing_waits() // S2.4, S2.5
    {
        var node = new LoopScenario();
        var asked = node.AskForBlock(Bob);

        asked.IsCompleted.Should().BeFalse();
        node.FindNonce();
        LoopScenario.Answered(asked).Value.Transactions.Should().ContainSingle().Which.Payload.Operation.Should().BeOfType<Reward>();
        node.Loop.State.Chain.Ledger.BalanceOf(Bob.Address).Should().Be(node.Spec.Reward);
    }

    [Fact]
    public void Blocks_asked_for_at_once_are_sealed_one_after_the_other_each_for_its_sealer()
    {
        var node = new LoopScenario();
        var first = node.AskForBlock(Alice);
        var second = node.AskForBlock(Bob);
        node.Jobs.Should().ContainSingle("one search at a time");
        node.FindNonce();
        node.FindNonce();

        LoopScenario.Answered(first).Value.Header.Should().Match<Core.Blocks.BlockHeader>(header => header.Index == 1 && header.Sealer == Alice.Address);
        LoopScenario.Answered(second).Value.Header.Should().Match<Core.Blocks.BlockHeader>(header => header.Index == 2 && header.Sealer == Bob.Address);
    }

    [Fact]
    public void More_blocks_asked_for_than_may_wait_are_refused()
    {
        var node = new LoopScenario(settings: new NodeSettings { MaxSealRequests = 1 });
        node.AskForBlock();
        LoopScenario.Answered(node.AskForBlock()).Refusal!.Code.Should().Be(RefusalCodes.PoolFull);
    }

    [Fact]
    public void A_block_is_sealed_as_soon_as_enough_transactions_wait() // S0.5
    {
        var node = new LoopScenario(Automatic);
        node.Submit(node.Elsewhere.TopUp(Alice, 1));
        node.Submit(node.Elsewhere.TopUp(Alice, 2));
        node.Jobs.Should().BeEmpty();
        node.Submit(node.Elsewhere.TopUp(Alice, 3));

        node.Jobs.Should().ContainSingle().Which.Template.Transactions.Should().HaveCount(4, "the reward and three top-ups");
    }

    [Fact]
    public void A_block_is_sealed_when_one_transaction_waited_long_enough() // S0.5: a timer, not only when something is added
    {
        var node = new LoopScenario(Automatic);
        node.Submit(node.Elsewhere.TopUp(Alice, 1));
        node.Loop.NextTickAt.Should().Be(node.Now + 60_000);

        node.Tick(TimeSpan.FromSeconds(59.999));
        node.Jobs.Should().BeEmpty();
        node.Tick(TimeSpan.FromMilliseconds(1));
        node.Jobs.Should().ContainSingle();
    }

    [Fact]
    public void Automatic_seals_keep_their_distance()
    {
        var node = new LoopScenario(Automatic with { MinPending = 1 });
        node.Submit(node.Elsewhere.TopUp(Alice, 1));
        node.FindNonce();
        node.Submit(node.Elsewhere.TopUp(Alice, 2));
        node.Jobs.Should().ContainSingle("the second must wait 250 ms");
        node.Loop.NextTickAt.Should().Be(node.Now + 250);

        node.Tick(TimeSpan.FromMilliseconds(250));
        node.Jobs.Should().HaveCount(2);
    }

    [Fact]
    public void What_fills_half_a_block_does_not_wait_for_the_distance()
    {
        var node = new LoopScenario(Automatic with { MinPending = 1 }, spec: SpecOf() with { MaxBlockTransactions = 10 });
        node.Submit(node.Elsewhere.TopUp(Alice, 1));
        for (var i = 2; i <= 5; i++) node.Submit(node.Elsewhere.TopUp(Alice, i));
        node.FindNonce();
        node.Jobs.Should().ContainSingle("four are less than half of ten");

        node.Submit(node.Elsewhere.TopUp(Alice, 6));

        node.Jobs.Should().HaveCount(2);
        node.Jobs[^1].Template.Transactions.Should().HaveCount(6, "the reward and the five that waited");
    }

    [Fact]
    public void Half_a_block_is_also_so_many_bytes_and_still_leaves_nodes_their_different_delays()
    {
        var sealing = Automatic with { MaxJitter = TimeSpan.FromMilliseconds(100) };
        var node = new LoopScenario(spec: SpecOf() with { MaxBlockSize = 4_000 });
        for (var i = 1; i <= 4; i++) node.Submit(node.Elsewhere.TopUp(Alice, i));
        var turns = new WaitingTurns(sealing, Organiser.Address);
        long? Due() => turns.DueAt(turns.After(node.Loop.State, SealMoment.TipMoved, node.Now, () => 0.5), new WaitingLine(node.Loop.State.Pending, null));
        Due().Should().Be(node.Now + 300, "{0} bytes are less than half of 4,000", node.Loop.State.Pending.Size);

        for (var i = 5; i <= 8; i++) node.Submit(node.Elsewhere.TopUp(Alice, i));

        node.Loop.State.Pending.Size.Should().BeGreaterThan(2_000);
        Due().Should().Be(node.Now + 50);
    }

    [Fact]
    public void However_much_waits_a_seal_that_failed_is_not_tried_again_at_once()
    {
        var node = new LoopScenario(Automatic, spec: SpecOf() with { MaxBlockTransactions = 4 });
        for (var i = 1; i <= 4; i++) node.Submit(node.Elsewhere.TopUp(Alice, i));
        node.Step(new NodeCommand.SealFailed(node.Jobs.Single().Number, new Refusal(RefusalCodes.NotSealer, "It may not.")));

        node.Submit(node.Elsewhere.TopUp(Alice, 5));

        node.Jobs.Should().ContainSingle();
    }

    [Fact]
    public void A_block_that_was_asked_for_and_failed_holds_up_none_that_is_due()
    {
        var node = new LoopScenario(Automatic);
        var asked = node.AskForBlock(Alice);
        node.Step(new NodeCommand.SealFailed(node.Jobs.Single().Number, new Refusal(RefusalCodes.NotSealer, "It may not.")));
        LoopScenario.Answered(asked).Refusal!.Code.Should().Be(RefusalCodes.NotSealer);

        node.Now += (long)Automatic.MinSpacing.TotalMilliseconds;
        for (var i = 1; i <= 3; i++) node.Submit(node.Elsewhere.TopUp(Alice, i));

        node.Jobs.Should().HaveCount(2);
    }

    [Fact]
    public void After_a_write_that_failed_a_block_is_due_in_some_seconds()
    {
        var node = new LoopScenario(Automatic);
        node.Submit(node.Elsewhere.TopUp(Alice, 1));
        node.Loop.Step(new NodeCommand.Submit([node.Elsewhere.TopUp(Alice, 2)], new Reply<IReadOnlyList<Submission>>()), node.Now);
        node.Do(node.Loop.TakeBack(new Refusal("storage_failed", "The disk is full.")));
        for (var i = 2; i <= 3; i++) node.Submit(node.Elsewhere.TopUp(Alice, i));
        node.Jobs.Should().BeEmpty("the disk may be full still");
        node.Loop.NextTickAt.Should().Be(node.Now + (long)WaitingTurns.RestAfterTakingBack.TotalMilliseconds);

        node.Tick(WaitingTurns.RestAfterTakingBack);

        node.Jobs.Should().ContainSingle();
    }

    [Fact]
    public void A_clock_that_was_set_back_holds_up_no_block()
    {
        var node = new LoopScenario(Automatic);
        for (var i = 1; i <= 5; i++) node.Submit(node.Elsewhere.TopUp(Alice, i));
        node.FindNonce();
        node.Loop.State.Pending.Count.Should().Be(2);

        node.Tick(TimeSpan.FromSeconds(-90));
        node.Loop.NextTickAt.Should().Be(node.Now + (long)Automatic.MinSpacing.TotalMilliseconds, "nobody knows how long the two have waited");
        node.Tick(Automatic.MinSpacing);
        node.Jobs.Should().HaveCount(2);
        node.FindNonce();
        node.Submit(node.Elsewhere.TopUp(Alice, 6));
        node.Loop.NextTickAt.Should().Be(node.Now + 60_000, "who came since has not waited");
    }

    [Fact]
    public void A_block_of_ours_that_the_rules_refuse_is_not_tried_again_at_once() // set back beyond the tip, a clock makes none that is not too far ahead
    {
        var node = new LoopScenario(Automatic);
        for (var i = 1; i <= 6; i++) node.Submit(node.Elsewhere.TopUp(Alice, i));
        node.FindNonce();
        node.Tick(TimeSpan.FromHours(-1));
        node.Tick(Automatic.MinSpacing);
        node.Jobs.Should().HaveCount(2);

        node.FindNonce();

        node.Loop.State.Chain.Tip.Header.Index.Should().Be(1);
        node.Loop.NextTickAt.Should().Be(node.Now + (long)Automatic.MaxWait.TotalMilliseconds);
    }

    [Fact]
    public void Nothing_is_sealed_by_itself_when_that_is_switched_off()
    {
        var node = new LoopScenario(Automatic with { Enabled = false });
        for (var i = 1; i <= 10; i++) node.Submit(node.Elsewhere.TopUp(Alice, i));
        node.Tick(TimeSpan.FromHours(1));

        node.Jobs.Should().BeEmpty();
        node.Loop.State.Pending.Count.Should().Be(10);
    }

    [Fact]
    public void What_arrives_during_a_search_stays_pending_and_goes_into_the_next_block()
    {
        var node = new LoopScenario();
        var early = node.Elsewhere.TopUp(Alice, 1);
        var late = node.Elsewhere.TopUp(Alice, 2);
        node.Submit(early);
        node.AskForBlock();
        node.Submit(late);
        node.FindNonce();

        node.Store.FindTransaction(early.Id)!.Status.Should().Be(TransactionStatus.Confirmed);
        node.Store.FindTransaction(late.Id)!.Status.Should().Be(TransactionStatus.Pending);
        node.Mine().Transactions.Select(transaction => transaction.Id).Should().Contain(late.Id);
    }

    [Fact]
    public void A_new_tip_from_elsewhere_stops_the_search_and_the_request_is_served_on_top_of_it()
    {
        var node = new LoopScenario();
        var asked = node.AskForBlock();
        var stale = node.Jobs[0];
        node.Offer(node.Elsewhere.Seal(node.Elsewhere.TopUp(Bob, 7))).Connected.Should().Be(1);

        node.Stops.Should().Be(1);
        node.FindNonce(stale);
        asked.IsCompleted.Should().BeFalse("a nonce of the search that was given up counts for nothing");
        node.FindNonce();
        LoopScenario.Answered(asked).Value.Header.Index.Should().Be(2);
    }

    [Fact]
    public void Transactions_of_abandoned_blocks_return_to_the_pending_set_before_what_waited() // S2.8
    {
        var node = new LoopScenario();
        var funded = node.Elsewhere.TopUp(Alice, 500);
        var spent = node.Elsewhere.Sign(Alice, TransferCoins.TypeName, ("recipient", Bob), ("amount", 400));
        node.Submit(funded);
        node.Mine();
        node.Submit(spent);
        VerifiedTransaction other = node.Elsewhere.TopUp(Bob, 3);
        var branch = new[] { node.Elsewhere.Seal(other), node.Elsewhere.Seal(node.Elsewhere.TopUp(Bob, 4)) };

        node.Offer(branch[0]).Connected.Should().Be(0, "the first seen of two equals stays");
        node.Offer(branch[1]).Should().Be(new BlockAcceptance(branch[1].Hash, 2, 1, 1, null));

        node.Loop.State.Pending.InOrder.Select(entry => entry.Value.Id).Should().Equal(funded.Id, spent.Id);
        node.Events.OfType<NodeEvent.Reorganised>().Should().ContainSingle().Which.Depth.Should().Be(1);
        node.Store.Load(node.Spec).Pending.Select(pending => pending.Transaction.Id).Should().Equal([funded.Id, spent.Id], "the disk agrees, also on the order");
        node.Mine();
        node.Loop.State.Chain.Ledger.BalanceOf(Bob.Address).Should().Be(3 + 4 + 400);
    }

    [Fact]
    public void A_pending_transaction_that_a_block_makes_impossible_is_rejected_durably_and_announced()
    {
        var node = new LoopScenario();
        var rules = node.Elsewhere;
        node.Offer(rules.Seal(rules.TopUp(Alice, 100)));
        var here = rules.Sign(Alice, TransferCoins.TypeName, ("recipient", Bob), ("amount", 100));
        var there = rules.Sign(Alice, TransferCoins.TypeName, ("recipient", Gate), ("amount", 100));
        node.Submit(here);
        node.Offer(rules.Seal(there));

        node.Store.FindTransaction(here.Id).Should().Match<StoredTransaction>(stored => stored.Status == TransactionStatus.Rejected && stored.Code == RefusalCodes.InsufficientFunds);
        node.Events.OfType<NodeEvent.TransactionDecided>().Should().Contain(decided => decided.Id == here.Id && decided.Status == TransactionStatus.Rejected);
        node.Submit(here).Should().Match<Submission>(again => again.Status == TransactionStatus.Rejected && again.Refusal!.Code == RefusalCodes.InsufficientFunds);
    }

    [Fact]
    public void A_pending_transaction_whose_time_passes_without_a_block_is_rejected()
    {
        var node = new LoopScenario();
        node.Elsewhere.ValidUntil = (node.Now / 1000) + 10;
        var topUp = node.Elsewhere.TopUp(Alice, 5);
        node.Submit(topUp);
        node.Loop.NextTickAt.Should().Be((node.Elsewhere.ValidUntil + 1) * 1000);

        node.Tick(TimeSpan.FromSeconds(10));
        node.Store.FindTransaction(topUp.Id)!.Status.Should().Be(TransactionStatus.Pending, "it is valid in that second still");
        node.Tick(TimeSpan.FromSeconds(1));
        node.Store.FindTransaction(topUp.Id).Should().Match<StoredTransaction>(stored => stored.Status == TransactionStatus.Rejected && stored.Code == RefusalCodes.Expired);
        node.Loop.NextTickAt.Should().BeNull();
    }

    [Fact]
    public void Whoever_sends_what_expires_each_second_does_not_have_all_that_waits_judged_each_second() // decision 044
    {
        var node = new LoopScenario();
        var waiting = Enumerable.Range(1, 3 * NodeLoop.ExpiryJudgedPerMillisecond).Select(amount => node.Elsewhere.TopUp(Alice, amount)).ToArray();
        node.SubmitAll(waiting);
        node.Elsewhere.ValidUntil = (node.Now / 1000) + 1;
        var (first, second) = (node.Elsewhere.TopUp(Bob, 1), node.Elsewhere.TopUp(Bob, 2));
        node.SubmitAll(first);
        node.Tick(TimeSpan.FromMilliseconds(((node.Elsewhere.ValidUntil + 1) * 1000) - node.Now));
        node.Store.FindTransaction(first.Id)!.Status.Should().Be(TransactionStatus.Rejected);

        node.Now -= 1; // so that it is still admitted
        node.SubmitAll(second);
        node.Loop.NextTickAt.Should().Be(node.Now + 1 + 3, "a millisecond for each fifty that waited");
        node.Tick(TimeSpan.FromMilliseconds(3));
        node.Store.FindTransaction(second.Id)!.Status.Should().Be(TransactionStatus.Pending);
        node.Tick(TimeSpan.FromMilliseconds(1));
        node.Store.FindTransaction(second.Id)!.Status.Should().Be(TransactionStatus.Rejected);
        node.Store.FindTransaction(waiting[0].Id)!.Status.Should().Be(TransactionStatus.Pending);
    }

    [Fact]
    public void A_thousand_buyers_of_one_seat_make_one_sale() // named case: exactly one wins, money conserved
    {
        var node = new LoopScenario();
        var chain = node.Elsewhere;
        var created = chain.CreateEvent();
        var id = EventId.Of(created.Id);
        node.Submit(created);
        node.Submit(chain.Issue(id, 50, "A-1"));
        var ticket = IssueTickets.TicketOf(id, 0, "A-1");
        var buyers = Enumerable.Range(0, 1_000).Select(i => new Person($"buyer {i}")).ToArray();
        node.SubmitAll([.. buyers.Select(buyer => chain.TopUp(buyer, 50))]);

        var outcomes = node.SubmitAll([.. buyers.Select(buyer => chain.Buy(buyer, ticket))]);
        node.Mine();

        outcomes.Count(outcome => outcome.Status == TransactionStatus.Pending).Should().Be(1);
        outcomes.Where(outcome => outcome.Status is null).Should().OnlyContain(outcome => outcome.Refusal!.Code == RefusalCodes.TicketNotAvailable);
        var ledger = node.Loop.State.Chain.Ledger;
        ledger.Tickets.Find(ticket)!.Owner.Should().Be(buyers[0].Address);
        ledger.Balances.Sum(balance => balance.Value).Should().Be(ledger.Supply).And.Be(50_000 + node.Spec.Reward);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void After_a_write_that_failed_everything_is_as_before_and_who_waits_hears_why(bool isShown)
    {
        var node = new LoopScenario();
        var kept = new[] { node.Elsewhere.TopUp(Alice, 1), node.Elsewhere.TopUp(Alice, 4) };
        node.Submit(kept[0]);
        node.Now += 5_000;
        node.Submit(kept[1]);
        if (isShown) _ = node.Loop.Settled;
        var former = node.Loop.Durable.ToState();
        var lost = node.Elsewhere.TopUp(Alice, 2);
        var asked = new Reply<Core.Blocks.VerifiedBlock>();

        node.Loop.Step(new NodeCommand.Submit([lost], new Reply<IReadOnlyList<Submission>>()), node.Now);
        node.Loop.Step(new NodeCommand.Seal(Alice.Address, asked), node.Now);
        node.Do(node.Loop.TakeBack(new Refusal("storage_failed", "The disk is full.")));

        var pending = node.Loop.State.Pending;
        pending.InOrder.Select(entry => (entry.Key.Value, entry.Value.Transaction, entry.Value.AdmittedAt)).Should().Equal((0, kept[0], node.Now - 5_000), (1, kept[1], node.Now));
        pending.State.BalanceOf(Alice.Address).Should().Be(5);
        (pending.NextSequence, pending.Size, pending.FirstExpiry).Should().Be((former.Pending.NextSequence, former.Pending.Size, former.Pending.FirstExpiry));
        LoopScenario.Answered(asked.Answer).Refusal!.Code.Should().Be("storage_failed");
        node.Stops.Should().Be(1);
        node.Submit(lost).IsNew.Should().BeTrue("the same transaction can be sent again once there is room");
        node.Mine().Transactions.Should().HaveCount(4);
    }

    [Fact]
    public void What_is_durable_can_be_told_while_more_is_admitted_that_is_not()
    {
        var node = new LoopScenario();
        var (first, second) = (node.Elsewhere.TopUp(Alice, 1), node.Elsewhere.TopUp(Alice, 2));
        node.Submit(first);
        node.Loop.Step(new NodeCommand.Submit([second], new Reply<IReadOnlyList<Submission>>()), node.Now);

        node.Loop.Durable.ToState().Pending.ById.Select(entry => entry.Key).Should().Equal(first.Id);
        node.Loop.Settle().Should().BeFalse("nothing but admissions came");
        node.Loop.Durable.ToState().Pending.State.BalanceOf(Alice.Address).Should().Be(3);
    }

    [Fact]
    public void A_state_that_was_shown_is_not_changed_by_what_is_admitted_later()
    {
        var node = new LoopScenario();
        node.Submit(node.Elsewhere.TopUp(Alice, 1));
        var shown = node.Loop.Settled;
        for (var i = 2; i < 40; i++) node.Submit(node.Elsewhere.TopUp(Alice, i));

        (shown.Pending.Count, shown.Pending.State.BalanceOf(Alice.Address), shown.Pending.InOrder.Last!.Value.Key.Value).Should().Be((1, 1, 0));
        (node.Loop.Settled.Pending.Count, node.Loop.Settled.Pending.State.BalanceOf(Alice.Address)).Should().Be((39, 39 * 40 / 2));
    }

    [Fact]
    public void The_same_commands_at_the_same_times_give_the_same_state()
    {
        static string Run()
        {
            var node = new LoopScenario(Automatic);
            for (var i = 1; i <= 7; i++) node.Submit(node.Elsewhere.TopUp(Alice, i));
            node.FindNonce();
            node.Tick(TimeSpan.FromSeconds(61));
            node.FindNonce();
            return string.Join(',', node.Loop.State.Chain.Ledger.Balances) + node.Loop.State.Chain.Tip.Header.Index + string.Join(',', node.Events.Select(happened => happened.GetType().Name));
        }

        Run().Should().Be(Run());
    }
}
