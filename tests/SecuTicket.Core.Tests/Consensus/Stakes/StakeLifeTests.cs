using SecuTicket.Core.Blocks;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Ledger.Stakes;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Tests.Ledger;
using SecuTicket.Core.Tests.Transactions;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Core.Tests.Consensus.Stakes;

/// <summary>What holds in any life of a chain with stakes. A failure names its seed.</summary>
public class StakeLifeTests
{
    private const int Blocks = 60;

    private static readonly Person[] People = ["anna", "bert", "carl", "dora", "emil"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Any_life_conserves_coins_and_can_be_undone_block_by_block(int seed)
    {
        var life = new Life(seed);
        var past = new Stack<(LedgerDelta Delta, string Before)>();
        for (var i = 0; i < Blocks; i++)
        {
            var before = LedgerContent.Of(life.Chain.Chain.Ledger);
            var update = life.Grows();
            past.Push((LedgerEncoding.DecodeDelta(LedgerEncoding.Encode(update.Connected[0].Outcome.Delta)), before));
            LedgerContent.CheckInvariants(life.Chain.Chain.Ledger);
        }

        life.Chain.Round.Final.Index.Should().BePositive();
        life.Chain.Stakes.Validators.Should().Contain(entry => entry.Value.Slashed > 0, "somebody was caught");
        var stakes = life.Chain.Stakes;
        var rows = Trie<Address, Validator>.Of(stakes.Validators.Select(entry => KeyValuePair.Create(entry.Key, StakeEncoding.DecodeValidator(StakeEncoding.Encode(entry.Value)))));
        var rebuilt = StakeState.Of(rows, StakeEncoding.DecodeTables(StakeEncoding.Encode(stakes.Tables)), StakeEncoding.DecodeRound(StakeEncoding.Encode(stakes.Round)));
        LedgerContent.Of(LedgerContent.With(life.Chain.Chain.Ledger, rebuilt)).Should().Be(LedgerContent.Of(life.Chain.Chain.Ledger), "a store that kept the values gives back the state");
        StakeState.SameContent(rebuilt, stakes).Should().BeTrue();

        var state = life.Chain.Chain.Ledger;
        while (past.TryPop(out var block))
        {
            state = block.Delta.Undo(state);
            LedgerContent.Of(state).Should().Be(block.Before);
        }

        LedgerContent.Of(state).Should().Be(LedgerContent.Of(LedgerState.Genesis(life.Chain.Spec)));
    }

    // What headers show may be less than what the ledger knows, but never something else.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Headers_alone_never_refuse_the_forger_of_the_ledger(int seed)
    {
        var life = new Life(seed);
        var views = new List<Turns> { life.Chain.Chain.Turns! };
        var (known, of) = (0, 0);
        for (var i = 0; i < Blocks; i++)
        {
            var block = life.Grows().Connected[0].Block;
            var slot = life.Chain.Spec.SlotOf(block.Header.Timestamp);
            foreach (var view in views)
            {
                view.MayForge(block.Header.Sealer, slot).Should().BeTrue("block {0} as seen from block {1}", block.Header.Index, view.Index);
                if (view.Table is not null) known++;
                of++;
            }

            views = [.. views.Select(view => view.After(block.Header, life.Chain.Spec)), life.Chain.Chain.Turns!];
            foreach (var view in views) (view.Seed, view.Slot, view.Index).Should().Be((life.Chain.Round.Seed, life.Chain.Round.Slot, life.Chain.Round.Index));
            foreach (var open in life.Chain.Round.Open)
                life.Chain.Chain.TurnsAfter(life.Chain.Chain.Find(open.Block.Hash)!)!.Seed.Should().Be(open.Block.Seed);
        }

        known.Should().BeGreaterThan(of / 20, "or nothing was checked");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_branch_that_is_left_and_come_back_to_gives_the_same_ledger(int seed)
    {
        var life = new Life(seed);
        for (var i = 0; i < 12; i++) life.Grows();
        var (left, other) = (life.Chain.Copy(), life.Chain.Copy());
        VerifiedBlock[] ours = [Next(left, 1), Next(left, 1)];
        VerifiedBlock[] theirs = [Next(other, 2), Next(other, 1), Next(other, 1)];
        ours = [.. ours, Next(left, 3), Next(left, 1)];

        var chain = life.Chain;
        foreach (var block in ours[..2]) chain.Accepts(block);
        foreach (var block in theirs) chain.Accepts(block);
        chain.Tip.Should().Be(theirs[^1].Header);
        LedgerContent.Of(chain.Chain.Ledger).Should().Be(LedgerContent.Of(other.Chain.Ledger));
        foreach (var block in ours[2..]) chain.Accepts(block);

        chain.Tip.Should().Be(ours[^1].Header);
        LedgerContent.Of(chain.Chain.Ledger).Should().Be(LedgerContent.Of(left.Chain.Ledger));

        static VerifiedBlock Next(StakeChain chain, int ahead)
        {
            var slot = chain.Round.Slot + ahead;
            while (chain.Stakes.Validators.Find(chain.ForgerOf(slot).Address) is not { Slashed: 0 }) slot++;
            var block = chain.Block(slot: slot);
            chain.Accepts(block);
            return block;
        }
    }

    // People who mostly vote, and stake, pay, take out and sometimes sign twice.
    private sealed class Life(int seed)
    {
        private readonly Random _random = new(seed);
        private int _reference;

        public StakeChain Chain { get; } = new(StakeChain.SpecWith((spec, _) => spec["reward"] = 3, ("anna", 500), ("bert", 300), ("carl", 400), ("dora", 250)));

        public Core.Chain.ChainUpdate Grows()
        {
            var silent = _random.Next(8) == 0;
            var slot = Chain.Round.Slot + 1 + (silent ? _random.Next(1, 90) : 0);
            while (Chain.Stakes.Validators.Find(Chain.ForgerOf(slot).Address) is not { Slashed: 0 }) slot++;
            List<VerifiedTransaction> wanted = [];
            if (Chain.Tip.Index > 0) wanted.AddRange(People.Where(_ => _random.Next(10) > 0).Select(Chain.Vote));
            for (var i = _random.Next(4); i > 0; i--) wanted.Add(Wanted(Any()));
            if (Chain.Tip.Index is 30 or 45) wanted.Add(Caught(Chain.Tip.Index == 30 ? "dora" : "emil"));
            return Chain.Accepts(Chain.Block([.. wanted], slot));
        }

        private Person Any() => People[_random.Next(People.Length)];

        private VerifiedTransaction Wanted(Person who) => Chain.Sign(who, _random.Next(5) switch
        {
            0 => Wishes.Stake(_random.Next(1, 60), _random.Next(2) == 0 ? StakeChain.OnionOf(who, _random.Next(3)).Commitment : null),
            1 => Wish.Pay(Any(), _random.Next(1, 50)),
            2 => Wishes.Unstake(_random.Next(1, 20)),
            3 => Wishes.Unstake(_random.Next(1, 120)),
            _ => Wish.Record(++_reference),
        });

        private VerifiedTransaction Caught(Person who)
        {
            var header = Chain.Tip with { Sealer = who.Address };
            return Chain.Sign(Any(), Wishes.Report(Of(header), Of(header with { Index = 3 })));

            SignedStatement Of(BlockHeader signed) => new([.. signed.Encode()], who.Key, who.Sign(signed.Hash).Value);
        }
    }
}
