using SecuTicket.Core.Blocks;
using SecuTicket.Core.Chain;
using SecuTicket.Core.Consensus;
using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;
using SecuTicket.Core.Transactions;
using SecuTicket.Node.Storage;

namespace SecuTicket.Node;

/// <summary>The chain in the data directory of a node that does not run: checked whole, or filled from blocks that were exported.</summary>
/// <remarks>It holds the directory's lock, so no node can start on it meanwhile. Accounts and keys are not touched.</remarks>
public sealed class OfflineChain : IDisposable
{
    private readonly DataDirectory _directory;
    private readonly SqliteDatabase _database;
    private readonly SqliteBlockStore _store;
    private readonly P256Verifier _keys;
    private readonly ChainReplay _replay;
    private readonly long _held;
    private readonly TimeProvider _clock;
    private long _next;

    private OfflineChain(DataDirectory directory, SqliteDatabase database, SqliteBlockStore store, ChainSpec spec, TimeProvider clock)
    {
        (_directory, _database, _store, Spec, _clock) = (directory, database, store, spec, clock);
        var stored = store.Load(spec);
        if (spec.Checkpoint is { } known && store.FindBlock(known.Index) is { } there && there.Hash != known.Hash) throw StorageException.OtherPast(known);
        _keys = new P256Verifier(VerificationKeys);
        _replay = new ChainReplay(Blockchain.Restore(spec, SealVerifiers.Of(spec, _keys), stored.Recent, stored.Tip, stored.Ledger), new TransactionVerifier(_keys), clock);
        _held = Tip.Index;
    }

    /// <summary>Keys of signers kept while checking, about 4 KiB each.</summary>
    public const int VerificationKeys = 16_384;

    /// <summary>What the chain's nodes agree on.</summary>
    public ChainSpec Spec { get; }

    /// <summary>Header of the last block.</summary>
    public BlockHeader Tip => _replay.Chain.Tip.Header;

    /// <summary>The ledger after it.</summary>
    public LedgerState Ledger => _replay.Chain.Ledger;

    /// <summary>What was imported so far.</summary>
    public ReplayProgress Imported => _replay.Progress;

    /// <summary>Opens the directory of a stopped node that holds a chain.</summary>
    /// <param name="directory">The data directory.</param>
    /// <param name="clock">Tells the time that block times are compared with.</param>
    /// <returns>The chain, or <c>not_found</c>: there is none.</returns>
    /// <exception cref="DataDirectoryException">Another process uses it, or it can not be read.</exception>
    /// <exception cref="StorageException">What is in it is broken.</exception>
    public static Verdict<OfflineChain> Open(string directory, TimeProvider clock) => File.Exists(Path.Combine(directory, DataDirectory.LedgerName))
        ? Open(directory, null, clock)
        : new Refusal(RefusalCodes.NotFound, $"There is no chain in '{directory}'.");

    /// <summary>Opens a directory to import a chain into; it is made when it is not there.</summary>
    /// <param name="directory">The data directory.</param>
    /// <param name="spec">The chain.</param>
    /// <param name="clock">Tells the time that block times are compared with.</param>
    /// <exception cref="DataDirectoryException">Another process uses it, or it can not be made or written.</exception>
    /// <exception cref="StorageException">It holds another chain or another block than the specification's checkpoint, or what is in it is broken.</exception>
    public static OfflineChain OpenOrCreate(string directory, ChainSpec spec, TimeProvider clock) => Open(directory, spec, clock).Value;

    /// <summary>Checks everything that is stored, from genesis on, the ledger included.</summary>
    /// <param name="progress">Hears now and then how far it is.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <param name="checksSignatures">Whether signatures are checked: nearly all of the time that it takes.</param>
    /// <param name="trusted">The same specification from elsewhere, with a checkpoint that is not stored; null for the stored one.</param>
    public ChainValidation Validate(Action<ReplayProgress>? progress, CancellationToken cancellation, bool checksSignatures = true, ChainSpec? trusted = null) =>
        new ChainValidator(trusted ?? Spec, SealVerifiers.Of(Spec, _keys), checksSignatures ? new TransactionVerifier(_keys) : null, _clock).Validate(_store, () => _replay.Chain, cancellation, progress).Value;

    /// <summary>Takes the next blocks of an export, which begins with genesis: those that are there already must be the same, those that follow are checked in full and kept.</summary>
    /// <param name="blocks">Their stored form, in order, going on where the call before ended.</param>
    /// <param name="cancellation">Gives up; whole calls before this one are kept.</param>
    /// <returns>The first block that is not valid, or not the one that is there; all before it are kept. Null when there is none.</returns>
    /// <exception cref="StorageException">The disk failed; nothing of this call was kept.</exception>
    public ReplayFault? Import(IReadOnlyList<ReadOnlyMemory<byte>> blocks, CancellationToken cancellation = default)
    {
        var known = (int)Math.Clamp(_held + 1 - _next, 0, blocks.Count);
        for (var i = 0; i < known; i++, _next++)
            if (!IsHeld(blocks[i], out var held)) return new ReplayFault(_next, new Refusal(RefusalCodes.InvalidLink, $"The directory holds block {held} at this index: it is on another branch than the export."));

        var connected = new List<StoreChange>();
        var fault = _replay.Add([.. blocks.Skip(known)], Keep, cancellation);
        if (connected.Count > 0) _store.Commit(connected);
        _next += connected.Count;
        return fault;

        Refusal? Keep(int place, ConnectedBlock? block)
        {
            connected.Add(new StoreChange.Connected(block!));
            return null;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _keys.Dispose();
        _store.Dispose();
        _database.Dispose();
        _directory.Dispose();
    }

    private static Verdict<OfflineChain> Open(string path, ChainSpec? spec, TimeProvider clock)
    {
        var opened = new Stack<IDisposable>();
        try
        {
            var directory = Opened(DataDirectory.Open(path));
            var database = Opened(SqliteDatabase.Open(directory.LedgerFile));
            var store = Opened(new SqliteBlockStore(database));
            spec ??= store.FindSpec();
            if (spec is not null) return new OfflineChain(directory, database, store, spec, clock);
        }
        catch
        {
            Close();
            throw;
        }

        Close();
        return new Refusal(RefusalCodes.NotFound, $"There is no chain in '{path}'.");

        T Opened<T>(T one)
            where T : IDisposable
        {
            opened.Push(one);
            return one;
        }

        void Close()
        {
            while (opened.TryPop(out var one)) one.Dispose();
        }
    }

    private bool IsHeld(ReadOnlyMemory<byte> block, out Hash256 held)
    {
        var stored = _store.FindBlock(_next) ?? throw new InvalidOperationException($"Block {_next} is below the tip and not in the store.");
        held = stored.Hash;
        return stored.Bytes.Span.SequenceEqual(block.Span);
    }
}
