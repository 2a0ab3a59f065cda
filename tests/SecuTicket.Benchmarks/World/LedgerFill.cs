using SecuTicket.Core.Blocks;
using SecuTicket.Core.Chain;
using SecuTicket.Core.Consensus.ProofOfWork;
using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;
using SecuTicket.Core.Transactions;
using SecuTicket.Node.Storage;

namespace SecuTicket.Benchmarks.World;

/// <summary>Writes blocks into a data directory without a server: the rules and the store are the node's own, so a node goes on from what this left.</summary>
internal sealed class LedgerFill : IDisposable
{
    private const int BlocksOfOneWrite = 500;

    private readonly DataDirectory _directory;
    private readonly SqliteDatabase _database;
    private readonly SqliteBlockStore _store;
    private readonly P256Verifier _keys = new(1);

    public LedgerFill(string path, ChainSpec spec)
    {
        _directory = DataDirectory.Open(path);
        _database = SqliteDatabase.Open(_directory.LedgerFile);
        _store = new SqliteBlockStore(_database);
        var stored = _store.Load(spec);
        Chain = Blockchain.Restore(spec, new ProofOfWorkVerifier(spec, _keys), stored.Recent, stored.Tip, stored.Ledger);
    }

    /// <summary>The chain so far.</summary>
    public Blockchain Chain { get; private set; }

    /// <summary>The store so far.</summary>
    public IBlockStore Store => _store;

    /// <summary>Seals a block of these transactions, whose signatures are known to be right, and writes it.</summary>
    public void Add(IReadOnlyList<Transaction> transactions) => _store.Commit([Connect(transactions)]);

    /// <summary>Seals blocks without transactions, one after the other, and writes them some hundred at a time.</summary>
    public void AddEmpty(int count)
    {
        foreach (var group in Enumerable.Range(0, count).Chunk(BlocksOfOneWrite)) _store.Commit([.. group.Select(_ => Connect([]))]);
    }

    /// <summary>The next block of a chain, with all of the transactions in it.</summary>
    public static VerifiedBlock Seal(Blockchain chain, IReadOnlyList<VerifiedTransaction> transactions, Address sealer, long now)
    {
        var template = BlockTemplate.Next(chain, transactions, sealer, now);
        var rewards = template.Transactions.Count(transaction => transaction.Payload.Operation is Reward);
        if (template.Transactions.Count - rewards != transactions.Count)
            throw new BenchmarkFailedException($"{transactions.Count + rewards - template.Transactions.Count} of {transactions.Count} transactions of the preparation were refused or did not fit in a block.");

        var nonce = ProofOfWork.Search(template.Header.Encode(), template.Header.Difficulty, 0, long.MaxValue) ?? throw new BenchmarkFailedException("No nonce was found.");
        return VerifiedBlock.Of(template.Header with { Nonce = nonce }, template.Transactions, null);
    }

    public void Dispose()
    {
        _store.Dispose();
        _database.Dispose();
        _directory.Dispose();
        _keys.Dispose();
    }

    private StoreChange.Connected Connect(IReadOnlyList<Transaction> transactions)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        var block = Seal(Chain, [.. transactions.Select(TransactionVerifier.Restore)], default, now);
        var update = Chain.Add(block, now, _store);
        if (update.Connected.Count != 1) throw new BenchmarkFailedException($"A block of the preparation was refused: {update.Verdict}");

        Chain = update.Chain;
        return new StoreChange.Connected(update.Connected[0]);
    }
}
