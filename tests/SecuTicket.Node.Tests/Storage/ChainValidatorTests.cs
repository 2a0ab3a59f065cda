using System.Reflection;
using SecuTicket.Core.Chain;
using SecuTicket.Core.Consensus.ProofOfWork;
using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;
using SecuTicket.Node.Storage;
using SecuTicket.Node.Tests.Loop;
using static SecuTicket.Node.Tests.TestChain;

namespace SecuTicket.Node.Tests.Storage;

/// <summary>A check of all blocks while the node goes on.</summary>
public sealed class ChainValidatorTests : IDisposable
{
    private const int Blocks = ChainReplay.BatchBlocks + 6;

    private readonly TemporaryFolder _folder = new();
    private readonly SqliteDatabase _database;
    private readonly SqliteBlockStore _store;
    private readonly TestChain _chain;
    private readonly P256Verifier _keys = new(16);

    public ChainValidatorTests()
    {
        _database = SqliteDatabase.Open(_folder["ledger.db"], new SqliteOptions { BusyTimeout = TimeSpan.Zero });
        _store = new SqliteBlockStore(_database);
        _chain = new TestChain(_store);
        while (_chain.Chain.Tip.Header.Index < Blocks - 1) _chain.Seal(_chain.TopUp(Alice, 1));
    }

    public void Dispose()
    {
        _keys.Dispose();
        _store.Dispose();
        _database.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void The_log_can_be_emptied_meanwhile_so_nobody_holds_up_an_erasure_by_asking_for_a_check()
    {
        var heard = new List<long>();

        var found = Validate(from =>
        {
            _chain.Seal(_chain.TopUp(Bob, 1));
            _database.Checkpoint();
            heard.Add(from);
        });

        found.Value.Should().Be(new ChainValidation(Blocks + 2, null, null));
        heard.Should().Equal(0, ChainReplay.BatchBlocks - 1);
    }

    [Fact]
    public void A_reorganisation_between_two_reads_is_no_fault_of_the_chain()
    {
        var reorganised = false;

        var found = Validate(from =>
        {
            if (from > 0 && !reorganised) Reorganise(ChainReplay.BatchBlocks - 2);
            reorganised |= from > 0;
        });

        found.Value.Should().Be(new ChainValidation(Blocks + 1, null, null));
    }

    [Fact]
    public void The_ledger_is_compared_also_when_a_reorganisation_replaced_only_what_was_not_read_yet()
    {
        var (reorganised, kept) = (false, _chain.Chain);

        var found = Validate(
            from =>
            {
                if (from > 0 && !reorganised) Reorganise(Blocks - 2);
                reorganised |= from > 0;
            },
            () => reorganised ? Blockchain.Restore(_chain.Spec, new ProofOfWorkVerifier(_chain.Spec, _keys), _store.Load(_chain.Spec).Recent, _chain.Chain.Tip.Hash, kept.Ledger) : kept);

        found.Value.Refusal!.Code.Should().Be(ChainValidator.StateMismatch);
    }

    [Fact]
    public void A_chain_that_is_reorganised_again_and_again_is_checked_later()
    {
        var tries = 0;

        var found = Validate(from =>
        {
            if (from == 0) return;

            tries++;
            Reorganise(ChainReplay.BatchBlocks - 2);
        });

        (found.Refusal!.Code, found.Refusal.Kind, tries).Should().Be(("not_ready", RefusalKind.Transient, ChainValidator.MaxTries));
    }

    [Fact]
    public void How_far_it_is_is_told_after_each_part()
    {
        var heard = new List<long>();
        Validator().Validate(_store, () => _chain.Chain, default, progress => heard.Add(progress.Blocks)).Value.Should().Be(new ChainValidation(Blocks, null, null));

        heard.Should().Equal(ChainReplay.BatchBlocks, Blocks);
    }

    // Something happens each time before the store is read, which other threads do than the one that judges.
    private Verdict<ChainValidation> Validate(Action<long> reading, Func<Blockchain>? held = null) =>
        Validator().Validate(WatchedStore.Of(_store, reading), held ?? (() => _chain.Chain), default);

    private ChainValidator Validator() => new(_chain.Spec, new ProofOfWorkVerifier(_chain.Spec, _keys), new TransactionVerifier(_keys), ChainReplayTests.Later);

    // A branch one block longer takes the place of all after the block.
    private void Reorganise(long after)
    {
        var tip = _chain.Chain.Tip.Header.Index;
        var other = _chain.Fork(after, $"other-{tip}");
        while (other.Chain.Tip.Header.Index <= tip) other.Seal(other.TopUp(Bob, 2));
        foreach (var block in other.Blocks.Skip((int)after)) _chain.Take(block);
        _chain.Chain.Tip.Hash.Should().Be(other.Chain.Tip.Hash);
    }

    /// <summary>A store that says when its chain is read.</summary>
    public class WatchedStore : DispatchProxy
    {
        private IBlockStore? _store;
        private Action<long>? _reading;

        public static IBlockStore Of(IBlockStore store, Action<long> reading)
        {
            var watched = Create<IBlockStore, WatchedStore>();
            (((WatchedStore)(object)watched)._store, ((WatchedStore)(object)watched)._reading) = (store, reading);
            return watched;
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            if (targetMethod!.Name == nameof(IBlockStore.ReadChain)) _reading!((long)args![0]!);
            return targetMethod.Invoke(_store, args);
        }
    }
}
