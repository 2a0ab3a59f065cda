using System.Collections.Concurrent;
using System.Net;
using Dapper;
using SecuTicket.Api.Tests.Contract;
using SecuTicket.Core.Blocks;
using SecuTicket.Core.Chain;
using SecuTicket.Core.Consensus.ProofOfWork;
using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;
using SecuTicket.Core.Transactions;
using SecuTicket.Node.Custody;
using SecuTicket.Node.Sealing;
using SecuTicket.Node.Storage;
using SecuTicket.Node.Tests.Storage;
using static SecuTicket.Node.Tests.TestChain;

namespace SecuTicket.Node.Tests.Loop;

public sealed class TicketNodeTests : IAsyncLifetime, IDisposable
{
    private readonly TestChain _elsewhere = new(new InMemoryBlockStore(), SpecOf());
    private readonly ConcurrentQueue<int> _commits = new();
    private readonly TestClock _clock = new();
    private readonly P256Verifier _keys = new(64);
    private readonly KeptAccounts _accounts = new(new InMemoryCustodyStore(), new MasterKey(new byte[MasterKey.Size]));
    private readonly InMemoryBlockStore _store;
    private readonly TaskCompletionSource _writing = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ManualResetEventSlim _mayWrite = new(true);
    private volatile Exception? _diskFault;
    private TicketNode? _node;

    public TicketNodeTests()
    {
        _store = new InMemoryBlockStore(changes =>
        {
            if (_diskFault is { } fault) throw fault;
            _commits.Enqueue(changes.Count);
            _writing.TrySetResult();
            _mayWrite.Wait();
        });
        _elsewhere.ValidUntil = _clock.Now.ToUnixTimeSeconds() + 3600;
    }

    private TicketNode Node => _node ??= Start();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_node is not null) await _node.DisposeAsync();
    }

    public void Dispose()
    {
        _accounts.Dispose();
        _keys.Dispose();
        _mayWrite.Dispose();
    }

    [Fact]
    public async Task What_was_answered_is_what_readers_see()
    {
        var topUp = _elsewhere.TopUp(Alice, 500);
        var answer = (await Node.SubmitAsync([topUp])).Value.Single();

        answer.Status.Should().Be(TransactionStatus.Pending);
        Node.Snapshot.Pending.ById.Contains(topUp.Id).Should().BeTrue();
        Node.FindTransaction(topUp.Id)!.Status.Should().Be(TransactionStatus.Pending);
        (await Node.SealAsync(Bob.Address)).Value.Transactions.Should().HaveCount(2);
        Node.Snapshot.Chain.Ledger.BalanceOf(Alice.Address).Should().Be(500);
        Node.FindTransaction(topUp.Id)!.Status.Should().Be(TransactionStatus.Confirmed);
    }

    [Fact]
    public async Task What_waits_is_shown_anew_as_long_as_somebody_asks()
    {
        await Node.SubmitAsync([_elsewhere.TopUp(Alice, 1)]);
        Node.Recent.Pending.Count.Should().Be(0, "nobody has asked");
        Node.Snapshot.Pending.Count.Should().Be(1);
        await Node.SubmitAsync([_elsewhere.TopUp(Alice, 2)]);
        Node.Recent.Pending.Count.Should().Be(2, "somebody asked before it");
        await Node.SubmitAsync([_elsewhere.TopUp(Alice, 3)]);
        Node.Recent.Pending.Count.Should().Be(2);
        Node.Snapshot.Pending.State.BalanceOf(Alice.Address).Should().Be(6);

        var block = (await Node.SealAsync(Bob.Address)).Value;
        Node.Recent.Tip.Should().Be(block.Header, "the chain that is shown is the last one, whoever asks");
    }

    [Fact]
    public async Task While_a_group_is_written_readers_see_what_was_durable_before_it()
    {
        await Node.SubmitAsync([_elsewhere.TopUp(Alice, 1)]);
        _mayWrite.Reset();
        var written = Node.SubmitAsync([_elsewhere.TopUp(Alice, 2)]);
        while (_commits.Count < 2) await Task.Yield();

        var (meanwhile, again) = (Node.Snapshot, Node.Snapshot);
        _mayWrite.Set();
        await written;
        meanwhile.Pending.State.BalanceOf(Alice.Address).Should().Be(1);
        again.Should().BeSameAs(meanwhile, "it is judged again once for all who ask");
        Node.Snapshot.Pending.State.BalanceOf(Alice.Address).Should().Be(3);
    }

    [Fact]
    public async Task Blocks_are_worked_out_on_one_thread_which_is_not_the_pools()
    {
        var sealer = new WatchedSealer();
        _node = Start(sealer);
        for (var i = 0; i < 3; i++) await Node.SealAsync(Bob.Address);

        sealer.Threads.Should().HaveCount(3);
        sealer.Threads.Distinct().Should().ContainSingle().Which.IsThreadPoolThread.Should().BeFalse("its work is behind all that comes in");
    }

    [Fact]
    public async Task A_disk_that_can_not_write_answers_so_and_leaves_nothing_half_done()
    {
        await Node.SubmitAsync([_elsewhere.TopUp(Alice, 1)]);
        var before = Node.Snapshot;
        var lost = _elsewhere.TopUp(Alice, 2);
        _diskFault = new StorageException(StorageFault.Full, "The disk is full: free some space.");

        (await Node.SubmitAsync([lost])).Refusal!.Code.Should().Be("storage_failed");
        (await Node.SealAsync(Bob.Address)).Refusal!.Code.Should().Be("storage_failed");
        Node.Readiness.Refusal!.Detail.Should().Contain("disk").And.NotContain("The disk is full: free some space.", "what is on the disk is the operator's to know");
        Node.Snapshot.Pending.Should().BeSameAs(before.Pending);
        Node.Snapshot.Tip.Should().Be(before.Tip);

        _diskFault = null;
        (await Node.SubmitAsync([lost])).Value.Single().IsNew.Should().BeTrue();
        Node.Readiness.IsAccepted.Should().BeTrue();
        (await Node.SealAsync(Bob.Address)).Value.Transactions.Should().HaveCount(3);
    }

    [Fact]
    public async Task A_node_whose_disk_failed_asks_for_traffic_again_after_a_while()
    {
        _diskFault = new StorageException(StorageFault.Full, "The disk is full: free some space.");
        await Node.SubmitAsync([_elsewhere.TopUp(Alice, 1)]);
        Node.Readiness.IsAccepted.Should().BeFalse();
        _clock.Advance(TimeSpan.FromSeconds(10));
        Node.Readiness.IsAccepted.Should().BeTrue("otherwise a balancer that waits for it would wait for ever");
    }

    [Fact]
    public async Task A_disk_that_can_be_tried_keeps_the_node_from_traffic_until_it_takes_something()
    {
        var (isFull, tries) = (true, 0);
        _node = Start(tryDisk: () =>
        {
            tries++;
            if (isFull) throw new IOException("No space left on device");
        });
        _diskFault = new StorageException(StorageFault.Full, "The disk is full: free some space.");
        await Node.SubmitAsync([_elsewhere.TopUp(Alice, 1)]);
        for (var i = 0; i < 5; i++)
        {
            Node.Readiness.Refusal!.Code.Should().Be("storage_failed");
            _clock.Advance(TimeSpan.FromSeconds(5));
        }

        tries.Should().Be(2, "a trial costs more than a question");
        isFull = false;
        _clock.Advance(TimeSpan.FromSeconds(10));
        Node.Readiness.IsAccepted.Should().BeTrue();

        await Node.SubmitAsync([_elsewhere.TopUp(Alice, 1)]);
        isFull = true;
        _diskFault = null;
        await Node.SubmitAsync([_elsewhere.TopUp(Alice, 2)]);
        Node.Readiness.IsAccepted.Should().BeTrue("something was written");
    }

    [Fact]
    public async Task A_disk_that_fails_each_write_is_told_once_until_it_works_again()
    {
        var told = new ConcurrentQueue<string>();
        _node = Start(report: (what, _) => told.Enqueue(what));
        for (var times = 1; times <= 2; times++)
        {
            _diskFault = new StorageException(StorageFault.Full, "The disk is full: free some space.");
            for (var i = 0; i < 3; i++) await Node.SubmitAsync([_elsewhere.TopUp(Alice, 1)]);
            told.Should().HaveCount(times);
            _diskFault = null;
            await Node.SubmitAsync([_elsewhere.TopUp(Alice, 10 + times)]);
        }

        _diskFault = new StorageException(StorageFault.Denied, "The disk is read-only.");
        await Node.SubmitAsync([_elsewhere.TopUp(Alice, 1)]);
        told.Should().HaveCount(3).And.EndWith("Nothing was written: The disk is read-only.");
    }

    [Fact]
    public async Task A_disk_that_takes_no_mark_of_what_is_signed_is_no_error_of_the_nodes_own_and_is_told_once()
    {
        var told = new ConcurrentQueue<string>();
        _node = Start(new SealerWithoutRoom(), report: (what, _) => told.Enqueue(what));
        for (var i = 0; i < 3; i++) (await Node.SealAsync(Bob.Address)).Refusal!.Code.Should().Be("storage_failed");

        told.Should().ContainSingle().Which.Should().Be("No block is made while the disk takes nothing: No space left on device");
        Node.Readiness.Refusal!.Code.Should().Be("storage_failed");
        await Node.SubmitAsync([_elsewhere.TopUp(Alice, 1)]);
        Node.Readiness.IsAccepted.Should().BeTrue("something was written");
    }

    [Fact]
    public async Task A_bug_in_one_command_is_answered_and_the_next_is_served()
    {
        _diskFault = new InvalidTimeZoneException("a bug");
        (await Node.SubmitAsync([_elsewhere.TopUp(Alice, 1)])).Refusal!.Code.Should().Be("internal_error");
        _diskFault = null;
        (await Node.SubmitAsync([_elsewhere.TopUp(Alice, 2)])).IsAccepted.Should().BeTrue();
    }

    [Fact]
    public async Task Commands_that_wait_together_are_written_together()
    {
        var transactions = Enumerable.Range(1, 500).Select(i => _elsewhere.TopUp(Alice, i)).ToArray();
        _mayWrite.Reset();
        var first = Node.SubmitAsync([transactions[0]]);
        await _writing.Task;
        var others = transactions.Skip(1).Select(transaction => Node.SubmitAsync([transaction])).ToArray();
        _mayWrite.Set();

        (await Task.WhenAll([first, .. others])).Should().OnlyContain(answer => answer.Value.Single().IsNew);
        _commits.Should().Equal([1, 499], "all that came while the first was written waited for one write");
    }

    [Fact]
    public async Task A_restart_goes_on_from_what_is_stored() // S3.4
    {
        var (confirmed, pending) = (_elsewhere.TopUp(Alice, 300), _elsewhere.TopUp(Bob, 7));
        await Node.SubmitAsync([confirmed]);
        await Node.SealAsync(Bob.Address);
        await Node.SubmitAsync([pending]);
        var tip = Node.Snapshot.Tip;
        await RestartAsync();

        Node.Snapshot.Tip.Should().Be(tip);
        Node.Snapshot.Chain.Ledger.BalanceOf(Alice.Address).Should().Be(300);
        Node.Snapshot.Pending.InOrder.Select(entry => entry.Value.Id).Should().Equal(pending.Id);
        (await Node.SubmitAsync([confirmed])).Value.Single().Status.Should().Be(TransactionStatus.Confirmed);
        (await Node.SubmitAsync([pending])).Value.Single().Status.Should().Be(TransactionStatus.Pending);
    }

    [Fact]
    public async Task What_expired_while_the_node_was_down_is_rejected_at_its_start_and_stays_so()
    {
        _elsewhere.ValidUntil = _clock.Now.ToUnixTimeSeconds() + 10;
        var topUp = _elsewhere.TopUp(Alice, 300);
        await Node.SubmitAsync([topUp]);
        await Node.DisposeAsync();
        _clock.Advance(TimeSpan.FromMinutes(1));
        await RestartAsync();
        await RestartAsync();

        Node.Snapshot.Pending.Count.Should().Be(0);
        var again = (await Node.SubmitAsync([topUp])).Value.Single();
        again.Status.Should().Be(TransactionStatus.Rejected);
        again.Refusal!.Code.Should().Be(RefusalCodes.Expired);
    }

    [Fact]
    public async Task A_pending_transaction_whose_signature_was_changed_on_the_disk_is_rejected_at_the_start()
    {
        var good = _elsewhere.TopUp(Alice, 300);
        var forged = TransactionVerifier.Restore(new Transaction(good.Payload, [Bank.Sign(Hash256.Zero)]));
        await Node.SubmitAsync([forged]);
        await RestartAsync();

        Node.Snapshot.Pending.Count.Should().Be(0);
        Node.FindTransaction(good.Id)!.Code.Should().Be(RefusalCodes.SignatureInvalid);
    }

    [Fact]
    public async Task Whoever_waits_for_a_decision_hears_of_it()
    {
        var topUp = _elsewhere.TopUp(Alice, 300);
        await Node.SubmitAsync([topUp]);
        var waiting = Node.WaitForDecisionAsync(topUp.Id, TimeSpan.FromSeconds(30));
        waiting.IsCompleted.Should().BeFalse();
        await Node.SealAsync(Bob.Address);
        await waiting;
        await Node.WaitForDecisionAsync(topUp.Id, TimeSpan.FromSeconds(30));

        var undecided = _elsewhere.TopUp(Alice, 301);
        await Node.SubmitAsync([undecided]);
        var inVain = Node.WaitForDecisionAsync(undecided.Id, TimeSpan.FromSeconds(30));
        _clock.Advance(TimeSpan.FromSeconds(30));
        await inVain;
        Node.FindTransaction(undecided.Id)!.Status.Should().Be(TransactionStatus.Pending);
    }

    [Fact]
    public async Task A_block_from_elsewhere_is_checked_and_taken()
    {
        _elsewhere.ValidUntil = (GenesisTime / 1000) + 3600;
        var block = _elsewhere.Forge(_elsewhere.TopUp(Alice, 9));
        var cut = new Block(block.Header, []);
        (await Node.OfferAsync([cut])).Value.Refusal!.Code.Should().Be(RefusalCodes.InvalidRoot);
        (await Node.OfferAsync([block.Block])).Value.Connected.Should().Be(1, "the bad body did not condemn the good block of the same hash");
        (await Node.OfferAsync([block.Block])).Value.Should().Be(new BlockAcceptance(block.Hash, 0, 0, 1, null), "a block known before is as good as taken");
        Node.Snapshot.Chain.Ledger.BalanceOf(Alice.Address).Should().Be(9);
    }

    [Fact]
    public async Task Blocks_from_elsewhere_are_written_together_up_to_the_first_with_a_bad_signature()
    {
        _elsewhere.ValidUntil = (GenesisTime / 1000) + 3600;
        var blocks = Enumerable.Range(1, 5).Select(amount => _elsewhere.Seal(_elsewhere.TopUp(Alice, amount)).Block).ToArray();
        var bad = _elsewhere.TopUp(Alice, 6);
        var forged = new Transaction(bad.Payload, [Bank.Sign(Hash256.Zero)]);
        var broken = new Block(blocks[3].Header with { TransactionsRoot = MerkleTree.Root([forged.Leaf]) }, [forged]);

        (await Node.OfferAsync([blocks[0], blocks[1], blocks[2], broken, blocks[4]])).Value.Should().Match<BlockAcceptance>(acceptance =>
            acceptance.Tip == blocks[2].Hash && acceptance.Connected == 3 && acceptance.Taken == 3 && acceptance.Refusal!.Code == RefusalCodes.SignatureInvalid);
        _commits.Should().Equal([3], "one write");
        (await Node.OfferAsync([broken])).Value.Should().Match<BlockAcceptance>(acceptance => acceptance.Taken == 0 && acceptance.Refusal!.Code == RefusalCodes.SignatureInvalid);
        (await Node.OfferAsync(blocks)).Value.Should().Be(new BlockAcceptance(blocks[4].Hash, 2, 0, 5, null));
    }

    [Fact]
    public async Task Listeners_hear_what_happened_in_order()
    {
        var listener = Node.Events.Subscribe(IPAddress.Loopback)!;
        var topUp = _elsewhere.TopUp(Alice, 9);
        await Node.SubmitAsync([topUp]);
        await Node.SealAsync(Bob.Address);
        Node.Events.Unsubscribe(listener);

        var heard = new List<string>();
        await foreach (var happened in listener.Reader.ReadAllAsync()) heard.Add(happened is NodeEvent.TransactionDecided decided ? $"{decided.Type} {decided.Status}" : happened.GetType().Name);
        heard.Should().Equal("top_up Pending", "BlockConnected", "reward Confirmed", "top_up Confirmed");
    }

    [Fact]
    public async Task Whoever_hears_of_an_admitted_transaction_finds_it()
    {
        var listener = Node.Events.Subscribe(IPAddress.Loopback)!;
        var found = Task.Run(async () =>
        {
            var all = true;
            for (var heard = 0; heard < 100; heard++)
            {
                var admitted = (NodeEvent.TransactionDecided)await listener.Reader.ReadAsync();
                all &= Node.Snapshot.Pending.ById.Contains(admitted.Id);
            }

            return all;
        });
        for (var amount = 1; amount <= 100; amount++) await Node.SubmitAsync([_elsewhere.TopUp(Alice, amount)]);
        (await found).Should().BeTrue();
    }

    [Fact]
    public async Task A_search_that_fails_is_answered()
    {
        _node = Start(new BrokenSealer());
        (await Node.SealAsync(Bob.Address)).Refusal!.Code.Should().Be("internal_error");
        (await Node.SealAsync(Bob.Address)).Refusal!.Code.Should().Be("internal_error");
    }

    [Fact]
    public async Task Stopping_answers_whoever_still_waits()
    {
        _node = Start(new PatientSealer());
        var asked = Node.SealAsync(Bob.Address);
        await Node.DisposeAsync();

        (await asked).Refusal!.Code.Should().Be("not_ready");
        (await Node.SubmitAsync([_elsewhere.TopUp(Alice, 1)])).Refusal!.Code.Should().Be("not_ready");
    }

    [Fact]
    public async Task A_chain_is_checked_from_its_bytes()
    {
        await Node.SubmitAsync([_elsewhere.TopUp(Alice, 9)]);
        await Node.SealAsync(Bob.Address);

        (await Node.ValidateAsync()).Value.Should().Be(new ChainValidation(2, null, null));
    }

    [Fact]
    public async Task Should_the_single_writer_end_before_the_node_whoever_waits_hears_it_and_the_node_is_not_ready_for_good()
    {
        var reported = new ConcurrentQueue<string>();
        _node = Start(report: (what, _) =>
        {
            reported.Enqueue(what);
            if (reported.Count == 1) throw new InvalidTimeZoneException("a bug");
        });
        _diskFault = new StorageException(StorageFault.Full, "The disk is full: free some space.");

        (await Node.SubmitAsync([_elsewhere.TopUp(Alice, 1)])).Refusal!.Code.Should().Be("storage_failed");
        (await Node.SealAsync(Bob.Address)).Refusal!.Code.Should().Be("internal_error");
        (await Node.OfferAsync([])).Refusal!.Code.Should().Be("internal_error");
        Node.Readiness.Refusal!.Detail.Should().Contain("started again");
        _clock.Advance(TimeSpan.FromDays(1));
        Node.Readiness.IsAccepted.Should().BeFalse("it does not pass by itself");
        await Node.DisposeAsync();

        reported.Should().HaveCount(2);
    }

    [Fact]
    public async Task The_sealer_finds_the_work_with_several_threads_and_gives_up_when_told()
    {
        var spec = SpecOf(difficulty: 12);
        var chain = Blockchain.Start(spec, new ProofOfWorkVerifier(spec, _keys));
        var template = BlockTemplate.Next(chain, [], Alice.Address, GenesisTime + 1);
        var sealer = new ProofOfWorkSealer(spec, 3, (_, _) => new Refusal("unused", "No seal is asked for."));

        var header = (await sealer.SealAsync(template, CancellationToken.None)).Value.Header;
        ProofOfWork.LeadingZeroBits(header.Hash.Span).Should().BeGreaterThanOrEqualTo(12);
        sealer.Tried.Should().BeGreaterThan(header.Nonce);
        sealer.SearchTime.Should().BePositive();

        using var cancelled = new CancellationTokenSource();
        var endless = sealer.SealAsync(template with { Header = template.Header with { Difficulty = 64 } }, cancelled.Token);
        await cancelled.CancelAsync();
        await FluentActions.Awaiting(() => endless).Should().ThrowAsync<OperationCanceledException>();
    }

    [Fact]
    public async Task A_damage_that_is_found_after_the_start_is_reported_and_nothing_is_taken_any_more()
    {
        using var folder = new TemporaryFolder();
        using var database = SqliteDatabase.Open(folder["ledger.db"]);
        using var store = new SqliteBlockStore(database);
        var chain = new TestChain(store, SpecOf());
        chain.Seal(chain.TopUp(Alice, 5));
        database.Write((connection, _) => connection.Execute("UPDATE seen SET entries = CAST(entries || entries AS BLOB)"));
        Exception? reported = null;
        _node = Start(store: store, report: (_, why) => reported = why);
        Node.Readiness.IsAccepted.Should().BeTrue();
        Node.Complete();

        reported.Should().BeOfType<StorageException>().Which.Message.Should().Contain("ledger.db").And.Contain("backup");
        Node.Snapshot.Chain.Ledger.BalanceOf(Alice.Address).Should().Be(5, "what can be read is answered");
        Node.Readiness.Refusal!.Code.Should().Be("storage_failed");
        (await Node.SubmitAsync([_elsewhere.TopUp(Alice, 1)])).Refusal!.Code.Should().Be("storage_failed");
        _clock.Advance(TimeSpan.FromDays(1));
        Node.Readiness.IsAccepted.Should().BeFalse("it does not pass by itself");
        await Node.DisposeAsync();
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    public void A_chain_that_goes_past_the_operators_checkpoint_with_another_block_is_not_gone_on_with(long index, bool starts)
    {
        using var folder = new TemporaryFolder();
        using var database = SqliteDatabase.Open(folder["ledger.db"]);
        using var store = new SqliteBlockStore(database);
        var chain = new TestChain(store);
        for (var i = 0; i < 2; i++) chain.Seal();
        var (right, wrong) = (new KnownBlock(1, chain.Blocks[0].Hash), new KnownBlock(index, Hash256.Sha256("another past"u8)));

        Starting(right).Should().NotThrow();
        if (starts) Starting(wrong).Should().NotThrow("it has not come so far");
        else Starting(wrong).Should().Throw<StorageException>().Which.Message.Should().Contain($"another block {index}").And.Contain("checkpoint");

        Action Starting(KnownBlock known) => () => _ = Start(store: store, checkpoint: known).DisposeAsync().AsTask();
    }

    private TicketNode Start(ISealer? sealer = null, IBlockStore? store = null, Action<string, Exception?>? report = null, KnownBlock? checkpoint = null, Action? tryDisk = null) => TicketNode.Start(new NodeParts(
        _elsewhere.Spec with { Checkpoint = checkpoint },
        new NodeSettings { Sealing = new SealingSettings { Enabled = false } },
        store ?? _store,
        _accounts,
        new ProofOfWorkVerifier(_elsewhere.Spec, _keys),
        new TransactionVerifier(_keys),
        sealer ?? new ProofOfWorkSealer(_elsewhere.Spec, 1, (_, _) => new Refusal("unused", "No seal is asked for.")),
        _clock,
        () => 0,
        report ?? ((_, _) => { }))
    {
        TryDisk = tryDisk,
    });

    private async Task RestartAsync()
    {
        await Node.DisposeAsync();
        _node = null;
        _ = Node;
    }

    private sealed class WatchedSealer : ISealer
    {
        public ConcurrentQueue<Thread> Threads { get; } = new();

        public Task<Verdict<SealedHeader>> SealAsync(BlockTemplate template, CancellationToken cancellation)
        {
            Threads.Enqueue(Thread.CurrentThread);
            return Task.FromResult<Verdict<SealedHeader>>(new Refusal("unused", "Nobody seals here."));
        }
    }

    private sealed class SealerWithoutRoom : ISealer
    {
        public Task<Verdict<SealedHeader>> SealAsync(BlockTemplate template, CancellationToken cancellation) => throw new IOException("No space left on device");
    }

    private sealed class BrokenSealer : ISealer
    {
        public Task<Verdict<SealedHeader>> SealAsync(BlockTemplate template, CancellationToken cancellation) => throw new InvalidTimeZoneException("a bug");
    }

    private sealed class PatientSealer : ISealer
    {
        public async Task<Verdict<SealedHeader>> SealAsync(BlockTemplate template, CancellationToken cancellation)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellation);
            throw new InvalidOperationException("The wait has no end.");
        }
    }
}
