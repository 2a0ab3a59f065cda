using System.Text.Json;
using Dapper;
using Microsoft.Data.Sqlite;
using SecuTicket.Core.Blocks;
using SecuTicket.Core.Chain;
using SecuTicket.Core.Consensus;
using SecuTicket.Core.Consensus.ProofOfStake;
using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;
using SecuTicket.Core.Transactions;
using SecuTicket.Node.Storage;
using static SecuTicket.Node.Tests.TestChain;

namespace SecuTicket.Node.Tests.Storage;

/// <summary>What is at stake is kept as the rest of the ledger is: in both stores, forwards, backwards and over a restart.</summary>
public sealed class StakeStoreTests : IDisposable
{
    private static readonly Person[] Validators = [Alice, Bob, Organiser];

    private readonly TemporaryFolder _folder = new();
    private readonly List<IDisposable> _open = [];

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var one in Enumerable.Reverse(_open)) one.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_new_store_begins_with_the_stakes_of_genesis(bool onDisk)
    {
        var spec = SpecWithStakes();

        var stored = Open(onDisk).Load(spec);

        Same(stored.Ledger, LedgerState.Genesis(spec));
        stored.Ledger.Supply.Should().Be(300);
    }

    [Theory]
    [InlineData(true, 3)]
    [InlineData(true, 15)]
    [InlineData(true, 16)]
    [InlineData(true, 40)]
    [InlineData(false, 40)]
    public void What_was_at_stake_is_there_after_a_restart(bool onDisk, int blocks)
    {
        var chain = new Node(Open(onDisk));
        for (var i = 0; i < blocks; i++) chain.Grows();
        chain.Chain.Ledger.Stakes!.Round.Final.Index.Should().Be(blocks - 2);

        if (onDisk) _open[^1].Dispose();
        var store = onDisk ? Open(onDisk) : chain.Store;

        Same(store.Load(chain.Spec).Ledger, chain.Chain.Ledger);
    }

    [Theory]
    [InlineData(true, 2)]
    [InlineData(true, 20)]
    [InlineData(false, 20)]
    public void A_reorganisation_takes_stakes_back_as_everything_else(bool onDisk, int without)
    {
        var chain = new Node(Open(onDisk));
        chain.Grows();
        var other = new Node(new InMemoryBlockStore(), chain);
        for (var i = 0; i < without; i++) chain.Grows(votes: false);
        var branch = Enumerable.Range(0, 3).Select(i => other.Grows(ahead: i == 0 ? 2 : 1)).ToArray();

        foreach (var block in branch) chain.Takes(block);

        chain.Chain.Tip.Hash.Should().Be(other.Chain.Tip.Hash);
        Same(chain.Chain.Ledger, other.Chain.Ledger);
        if (onDisk) _open[^1].Dispose();
        Same((onDisk ? Open(onDisk) : chain.Store).Load(chain.Spec).Ledger, other.Chain.Ledger);
    }

    [Fact]
    public void A_chain_without_stakes_keeps_no_row_of_them()
    {
        var store = Open(onDisk: true);
        var chain = new TestChain(store);
        chain.Seal();

        store.Load(chain.Spec).Ledger.Stakes.Should().BeNull();
    }

    // docs/network.md tells operators to do so.
    [Fact]
    public void A_chain_that_is_emptied_as_the_documentation_says_begins_with_the_stakes_of_genesis_again()
    {
        var chain = new Node(Open(onDisk: true));
        for (var i = 0; i < 6; i++) chain.Grows();
        _open[^1].Dispose();
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "SecuTicket.sln"))) root = root.Parent!;
        using (var connection = new SqliteConnection($"Data Source={Path.Combine(_folder.Path, "ledger.db")};Pooling=False"))
        {
            connection.Open();
            connection.Execute(File.ReadAllText(Path.Combine(root.FullName, "docs", "empty-chain.sql")));
        }

        var emptied = Open(onDisk: true).Load(chain.Spec);

        emptied.Tip.Should().Be(chain.Spec.Genesis.Hash);
        Same(emptied.Ledger, LedgerState.Genesis(chain.Spec));
    }

    private static ChainSpec SpecWithStakes() => ChainSpec.Parse(JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object>
    {
        ["chain_id"] = "test-chain",
        ["currency"] = "EUR",
        ["engine"] = ChainSpec.ProofOfStakeEngine,
        ["exchange_authorities"] = new[] { Bank.ToString() },
        ["genesis_time"] = GenesisTime,
        ["reward"] = 5,
        ["stake"] = new
        {
            slot_time = 1_000,
            epoch_length = 4,
            unbonding_blocks = 12,
            validators = Validators.Select(who => new { address = who.ToString(), amount = 100, commitment = OnionOf(who).Commitment.ToString() }),
        },
    })).Value;

    private static Onion OnionOf(Person who) => new(Hash256.Sha256(who.Address.Span), 500);

    private static void Same(LedgerState left, LedgerState right)
    {
        LedgerState.SameContent(left, right).Should().BeTrue();
        left.Stakes!.Total.Should().Be(right.Stakes!.Total);
    }

    private IBlockStore Open(bool onDisk)
    {
        if (!onDisk) return new InMemoryBlockStore();

        var database = SqliteDatabase.Open(Path.Combine(_folder.Path, "ledger.db"));
        _open.Add(database);
        var store = new SqliteBlockStore(database);
        _open.Add(new Both(store, database));
        return store;
    }

    private sealed record Both(IDisposable First, IDisposable Second) : IDisposable
    {
        public void Dispose()
        {
            First.Dispose();
            Second.Dispose();
        }
    }

    // All validators of a chain, and one node's store.
    private sealed class Node
    {
        private readonly Dictionary<Address, Onion> _onions = Validators.ToDictionary(static who => who.Address, OnionOf);
        private int _signed;

        public Node(IBlockStore store, Node? same = null)
        {
            Store = store;
            Spec = SpecWithStakes();
            var stored = store.Load(Spec);
            Chain = Blockchain.Restore(Spec, SealVerifiers.Of(Spec, new P256Verifier(16)), stored.Recent, stored.Tip, stored.Ledger);
            foreach (var block in same?.Blocks ?? []) Takes(block);
        }

        public IBlockStore Store { get; }

        public ChainSpec Spec { get; }

        public Blockchain Chain { get; private set; }

        private List<VerifiedBlock> Blocks { get; } = [];

        public VerifiedBlock Grows(bool votes = true, int ahead = 1)
        {
            var stakes = Chain.Ledger.Stakes!;
            var slot = stakes.Round.Slot + ahead;
            var forger = Validators.First(who => who.Address == Chain.Turns!.ForgerOf(slot));
            var reveal = _onions[forger.Address].Before(stakes.Validators.Find(forger.Address)!.Onion)!.Value;
            List<VerifiedTransaction> wanted = [];
            if (votes && Chain.Tip.Header.Index > 0) wanted.AddRange(Validators.Select(who => Signed(who, new { type = "vote", source_index = stakes.Round.Justified.Index, source = $"{stakes.Round.Justified.Hash}", target_index = Chain.Tip.Header.Index, target = $"{Chain.Tip.Hash}" })));
            if (Chain.Ledger.BalanceOf(forger.Address) > 0) wanted.Add(Signed(forger, new { type = "stake", amount = 1 }));
            wanted.Add(Signed(Validators[_signed % 3], new { type = "unstake", amount = 1 }));
            var template = BlockTemplate.Next(Chain, wanted, forger.Address, Spec.StartOf(slot), reveal);
            var block = VerifiedBlock.Of(template.Header, template.Transactions, forger.Sign(template.Header.Hash));
            Takes(block);
            return block;
        }

        public void Takes(VerifiedBlock block)
        {
            var update = Chain.Add(block, block.Header.Timestamp, Store);
            update.Verdict.Refusal.Should().BeNull();
            Chain = update.Chain;
            List<StoreChange> changes = [.. update.Disconnected.Select(one => new StoreChange.Disconnected(one)), .. update.Connected.Select(one => new StoreChange.Connected(one))];
            if (update.Side is { } side) changes.Insert(0, new StoreChange.Sided(side));
            Store.Commit(changes);
            Blocks.Add(block);
        }

        private VerifiedTransaction Signed(Person who, object fields)
        {
            var json = JsonSerializer.SerializeToNode(fields)!.AsObject();
            (json["chain_id"], json["sender"], json["nonce"], json["valid_until"]) = (Spec.ChainId, who.ToString(), $"nonce-{Chain.Tip.Hash.ToString()[..8]}-{++_signed:D8}", (Chain.Tip.Header.Timestamp / 1_000) + 3_600);
            var payload = Payload.From(Core.Encoding.CanonicalJson.Parse(System.Text.Encoding.UTF8.GetBytes(json.ToJsonString())).Value).Value;
            return TransactionVerifier.Restore(new Transaction(payload, [who.Sign(payload.Id)]));
        }
    }
}
