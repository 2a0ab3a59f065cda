using System.Text.Json.Nodes;
using SecuTicket.Core.Blocks;
using SecuTicket.Core.Chain;
using SecuTicket.Core.Consensus;
using SecuTicket.Core.Consensus.ProofOfStake;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Ledger.Stakes;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;
using SecuTicket.Core.Tests.Chain;
using SecuTicket.Core.Tests.Specification;
using SecuTicket.Core.Tests.Transactions;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Core.Tests.Consensus.Stakes;

/// <summary>One node of a chain with stakes, and all its validators: they make blocks in their slots, and vote as they are told to.</summary>
internal sealed class StakeChain
{
    public const int SlotTime = 1_000;

    public const int OnionLength = 2_000;

    private static readonly TransactionVerifier Verifier = new(TestChain.Keys);

    private readonly Dictionary<Address, Person> _people;
    private int _signed;

    public StakeChain(ChainSpec? spec = null, params Person[] others)
    {
        Spec = spec ?? SpecOf(("anna", 100), ("bert", 100), ("carl", 100));
        Chain = Blockchain.Start(Spec, SealVerifiers.Of(Spec, TestChain.Keys));
        _people = new[] { "anna", "bert", "carl", "dora", "emil", "fritz", "gerd", "alice", "bob" }.Select(static name => (Person)name).Concat(others).ToDictionary(static person => person.Address);
    }

    public ChainSpec Spec { get; }

    public Blockchain Chain { get; private set; }

    public InMemoryArchive Archive { get; private init; } = new();

    public BlockHeader Tip => Chain.Tip.Header;

    public StakeState Stakes => Chain.Ledger.Stakes!;

    public StakeRound Round => Stakes.Round;

    /// <summary>The node's clock, in milliseconds.</summary>
    public long Now { get; set; } = (TestSpec.GenesisSeconds + 1_000_000) * 1_000;

    public static ChainSpec SpecOf(params (Person Who, long Amount)[] stakes) => SpecWith(null, stakes);

    public static ChainSpec SpecWith(Action<JsonObject, JsonObject>? change, params (Person Who, long Amount)[] stakes)
    {
        var stake = new JsonObject
        {
            ["slot_time"] = SlotTime,
            ["epoch_length"] = 4,
            ["unbonding_blocks"] = 12,
            ["validators"] = new JsonArray([.. stakes.Select(one => new JsonObject { ["address"] = one.Who.ToString(), ["amount"] = one.Amount, ["commitment"] = OnionOf(one.Who).Commitment.ToString() })]),
        };
        var json = new JsonObject
        {
            ["chain_id"] = "test-chain",
            ["engine"] = "proof-of-stake",
            ["genesis_time"] = TestSpec.GenesisSeconds * 1_000,
            ["currency"] = "EUR",
            ["reward"] = 0,
            ["exchange_authorities"] = new JsonArray(TestSpec.Bank.ToString()),
            ["stake"] = stake,
        };
        change?.Invoke(json, stake);
        return ChainSpec.Parse(System.Text.Encoding.UTF8.GetBytes(json.ToJsonString())).Value;
    }

    /// <summary>The hash chain of somebody's <paramref name="number"/>th commitment.</summary>
    public static Onion OnionOf(Person who, int number = 0) => Onions.GetOrAdd((who.Name, number), static key => new Onion(Hash256.Sha256(System.Text.Encoding.UTF8.GetBytes($"onion {key.Number} of {key.Name}")), OnionLength));

    private static System.Collections.Concurrent.ConcurrentDictionary<(string Name, int Number), Onion> Onions { get; } = new();

    public Person Named(Address account) => _people[account];

    /// <summary>Whose turn it is in a slot, by default the next one, after the tip.</summary>
    public Person ForgerOf(long? slot = null) => Named(Chain.Turns!.ForgerOf(slot ?? Round.Slot + 1)!.Value);

    public VerifiedTransaction Sign(Person who, Wish wish, string? nonce = null)
    {
        var payload = Payload.From(wish.Json(who, (Spec.StartOf(Round.Slot) / 1000) + 3_600, nonce ?? $"nonce-{++_signed:D10}")).Value;
        return Verifier.Verify(new Transaction(payload, [who.Sign(payload.Id)])).Value;
    }

    public VerifiedTransaction Vote(Person who) => Sign(who, Wishes.Vote(Round.Justified.Index, Round.Justified.Hash, Tip.Index, Tip.Hash));

    /// <summary>A block in <paramref name="slot"/>, by default the next, by whose turn it is, as it should be but for what is changed.</summary>
    public VerifiedBlock Block(VerifiedTransaction[]? transactions = null, long? slot = null, Person? forger = null, Hash256? reveal = null, Func<BlockHeader, BlockHeader>? change = null, Person? signer = null)
    {
        var at = slot ?? Round.Slot + 1;
        forger ??= ForgerOf(at);
        var template = BlockTemplate.Next(Chain, transactions ?? [], forger.Address, Spec.StartOf(at), reveal ?? RevealOf(forger));
        var header = change?.Invoke(template.Header) ?? template.Header;
        return VerifiedBlock.Of(header, template.Transactions, (signer ?? forger).Sign(header.Hash));
    }

    public Hash256 RevealOf(Person who)
    {
        var onion = Stakes.Validators.Find(who.Address)?.Onion ?? default;
        for (var number = 0; number < 4; number++)
            if (OnionOf(who, number).Before(onion) is { } reveal) return reveal;
        return default;
    }

    public ChainUpdate Offers(VerifiedBlock block)
    {
        var update = Chain.Add(block, Now, Archive);
        Archive.Keep(update);
        Chain = update.Chain;
        Chain.Ledger.Supply.Should().Be(Chain.Ledger.Balances.Sum(static entry => entry.Value) + Stakes.Total, "coins are in accounts or at stake");
        return update;
    }

    public ChainUpdate Accepts(VerifiedBlock block)
    {
        var update = Offers(block);
        update.Verdict.Refusal.Should().BeNull();
        return update;
    }

    public Refusal Refuses(string code, VerifiedBlock block)
    {
        var refusal = Offers(block).Verdict.Refusal;
        refusal.Should().NotBeNull("{0} is due", code);
        refusal!.Code.Should().Be(code, refusal.Detail);
        return refusal;
    }

    /// <summary>Puts what somebody wishes in a block.</summary>
    public void Does(Person who, params Wish[] wishes)
    {
        var block = Block([.. wishes.Select(wish => Sign(who, wish))]);
        Accepts(block);
        block.Transactions.Count(transaction => transaction.Payload.Operation is not Reward).Should().Be(wishes.Length, "nothing is refused");
    }

    /// <summary>Says which rule refuses what somebody wishes, on admission and in a block.</summary>
    public Refusal RefusesOf(string code, Person who, Wish wish) => RefusesOf(code, Sign(who, wish));

    public Refusal RefusesOf(string code, VerifiedTransaction transaction)
    {
        var refusal = LedgerRules.Apply(Chain.Ledger, transaction, Chain.NextContext(Spec.StartOf(Round.Slot + 1))).Refusal;
        refusal.Should().NotBeNull("{0} is due", code);
        refusal!.Code.Should().Be(code, refusal.Detail);
        Block([transaction]).Transactions.Should().NotContain(transaction);
        return refusal;
    }

    /// <summary>Signed, but what it says somebody else signed is not checked.</summary>
    public VerifiedTransaction Signed(Person who, Wish wish)
    {
        var payload = Payload.From(wish.Json(who, (Spec.StartOf(Round.Slot) / 1000) + 3_600, $"nonce-{++_signed:D10}")).Value;
        return TransactionVerifier.Restore(new Transaction(payload, [who.Sign(payload.Id)]));
    }

    /// <summary>The same chain, which goes on by itself.</summary>
    public StakeChain Copy() => new(Spec) { Chain = Chain, Archive = Archive.Copy(), Now = Now, _signed = _signed + 1_000_000 };

    /// <summary>So many blocks; in each, these vote for the one before, but for genesis.</summary>
    public void Grows(int blocks, params Person[] voters)
    {
        for (var i = 0; i < blocks; i++) Accepts(Block(Tip.Index == 0 ? [] : [.. voters.Select(Vote)]));
    }
}

/// <summary>Operations on stakes.</summary>
internal static class Wishes
{
    public static Wish Stake(long amount, Hash256? commitment = null) => new("stake", new { amount, commitment });

    public static Wish Unstake(long amount) => new("unstake", new { amount });

    public static Wish Vote(long sourceIndex, Hash256 source, long targetIndex, Hash256 target) =>
        new("vote", new { source_index = sourceIndex, source, target_index = targetIndex, target });

    public static Wish Report(SignedStatement first, SignedStatement second) => new("report", new { first = first.ToString(), second = second.ToString() });
}
