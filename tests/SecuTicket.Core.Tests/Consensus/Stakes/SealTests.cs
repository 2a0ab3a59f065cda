using SecuTicket.Core.Blocks;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Tests.Transactions;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Core.Tests.Consensus.Stakes;

/// <summary>S4.10: a block is made in its slot, by the one whose turn it is, who signs it and reveals the next link.</summary>
public class SealTests
{
    private readonly StakeChain _chain = new();

    private Person NotForger => _chain.ForgerOf() == (Person)"anna" ? "bert" : "anna";

    [Fact]
    public void A_block_by_another_than_the_drawn_forger_is_refused()
    {
        _chain.Refuses("not_forger", _chain.Block(forger: NotForger));
        _chain.Refuses("not_forger", _chain.Block(forger: "dora"));
    }

    [Fact]
    public void The_ledger_judges_the_draw_too_for_headers_do_not_always_show_it()
    {
        var seals = Core.Consensus.SealVerifiers.Of(_chain.Spec, Chain.TestChain.Keys);

        seals.VerifyOn(_chain.Block().Header, _chain.Chain.Ledger).Refusal.Should().BeNull();
        seals.VerifyOn(_chain.Block(forger: NotForger).Header, _chain.Chain.Ledger).Refusal!.Code.Should().Be("not_forger");
    }

    [Fact]
    public void A_right_forgers_wrong_signature_is_refused()
    {
        var forger = _chain.ForgerOf();
        var good = _chain.Block();

        _chain.Refuses("invalid_seal", _chain.Block(signer: NotForger));
        _chain.Refuses("invalid_seal", VerifiedBlockWith(null));
        _chain.Refuses("invalid_seal", VerifiedBlockWith(forger.Sign(Hash256.Sha256("else"u8))));
        _chain.Refuses("invalid_seal", VerifiedBlockWith(forger.Scribble()));
        _chain.Accepts(good);

        VerifiedBlock VerifiedBlockWith(TransactionSignature? seal) => VerifiedBlock.Of(good.Header, good.Transactions, seal);
    }

    [Fact]
    public void A_block_for_a_slot_to_come_is_refused_for_now()
    {
        var block = _chain.Block(slot: 10);
        _chain.Now = _chain.Spec.StartOf(10) - (StakeChain.SlotTime / 2) - 1;

        _chain.Refuses("invalid_time", block).Kind.Should().Be(RefusalKind.Transient);

        _chain.Now++;
        _chain.Accepts(block);
    }

    [Fact]
    public void Slots_rise_and_one_is_used_once()
    {
        _chain.Accepts(_chain.Block(slot: 5));

        _chain.Refuses("invalid_slot", _chain.Block(slot: 4, forger: "anna", change: header => header with { Timestamp = _chain.Spec.StartOf(4) }));
        _chain.Refuses("invalid_slot", _chain.Block(slot: 5, forger: "anna", change: header => header with { Timestamp = _chain.Spec.StartOf(5) + 500 }));
        _chain.Accepts(_chain.Block(slot: 6));
    }

    [Fact]
    public void A_slot_has_its_whole_length_and_no_more()
    {
        _chain.Accepts(_chain.Block(slot: 5, change: header => header with { Timestamp = _chain.Spec.StartOf(6) - 1 }));
        _chain.Round.Slot.Should().Be(5);
        (_chain.Spec.SlotOf(_chain.Spec.GenesisTime), _chain.Spec.SlotOf(_chain.Spec.GenesisTime - 1), _chain.Spec.SlotOf(_chain.Spec.GenesisTime + StakeChain.SlotTime)).Should().Be((0, -1, 1));
    }

    [Fact]
    public void A_silent_forgers_slot_is_skipped_and_counted()
    {
        var silent = _chain.ForgerOf(1);

        _chain.Accepts(_chain.Block(slot: 2));

        _chain.Stakes.Validators.Find(silent.Address)!.Missed.Should().Be(1);
        _chain.Stakes.Validators.Sum(entry => entry.Value.Forged).Should().Be(1);
    }

    // What a block costs after a long silence is bounded.
    [Fact]
    public void Of_a_long_silence_the_last_64_slots_are_counted()
    {
        _chain.Accepts(_chain.Block(slot: 65));
        _chain.Stakes.Validators.Sum(entry => entry.Value.Missed).Should().Be(64);
        var before = _chain.Stakes.Validators;
        var silent = Enumerable.Range(67, 64).Select(slot => _chain.ForgerOf(slot).Address).ToArray();

        _chain.Accepts(_chain.Block(slot: 131));

        foreach (var (account, validator) in _chain.Stakes.Validators)
            (validator.Missed - before.Find(account)!.Missed).Should().Be(silent.Count(one => one == account));
    }

    [Fact]
    public void A_skipped_slot_long_gone_stays_skipped()
    {
        var late = _chain.Block(slot: 1);
        _chain.Accepts(_chain.Block(slot: 2));
        _chain.Grows(4, "anna", "bert", "carl");

        _chain.Refuses("fork_too_deep", late);
    }

    [Fact]
    public void Only_the_next_link_of_the_forgers_chain_is_a_reveal()
    {
        var onion = StakeChain.OnionOf(_chain.ForgerOf());
        var next = onion.Before(onion.Commitment)!.Value;

        _chain.Refuses("invalid_reveal", _chain.Block(reveal: Hash256.Sha256("a better seed"u8)));
        _chain.Refuses("invalid_reveal", _chain.Block(reveal: onion.Commitment));
        _chain.Refuses("invalid_reveal", _chain.Block(reveal: onion.Before(next)));
        _chain.Accepts(_chain.Block(reveal: next));
    }

    [Fact]
    public void The_header_says_what_its_votes_justify()
    {
        _chain.Grows(1);

        foreach (var said in new uint[] { 0, 2 })
            _chain.Refuses("invalid_weight", _chain.Block([_chain.Vote("anna"), _chain.Vote("bert"), _chain.Vote("carl")], change: header => header with { Difficulty = said }));
        _chain.Refuses("invalid_weight", _chain.Block(change: header => header with { Difficulty = 1 }));
        _chain.Grows(1, "anna", "bert", "carl");
        _chain.Tip.Difficulty.Should().Be(1);
    }

    [Fact]
    public void The_form_of_a_header_is_that_of_a_chain_with_stakes()
    {
        _chain.Refuses("invalid_header", _chain.Block(change: header => header with { Version = 1, StateRoot = default }));
        _chain.Refuses("invalid_header", _chain.Block(change: header => header with { Version = 3 }));
        _chain.Refuses("invalid_header", _chain.Block(change: header => header with { Nonce = 1 }));
        new Chain.TestChain().Refuses("invalid_header", new Chain.TestChain().Block(change: header => header with { Version = 2 }));
    }

    [Fact]
    public void A_block_says_in_its_weight_first_what_is_justified_and_then_that_it_is_there()
    {
        _chain.Grows(3, "anna", "bert", "carl");
        _chain.Chain.Tip.Weight.Should().Be(((UInt128)2 << 64) + 3);
    }

    [Fact]
    public void Of_headers_alone_form_slot_and_signature_are_checked()
    {
        var headers = new List<SealedHeader>();
        for (var i = 0; i < 6; i++)
        {
            var block = _chain.Block();
            headers.Add(block.Block.SealedHeader);
            _chain.Accepts(block);
        }

        var seals = Core.Consensus.SealVerifiers.Of(_chain.Spec, Chain.TestChain.Keys);
        Core.Consensus.HeaderChain.Verify(_chain.Spec, seals, headers, _chain.Now).Refusal.Should().BeNull();
        headers[3] = headers[3] with { Seal = headers[2].Seal };
        Core.Consensus.HeaderChain.Verify(_chain.Spec, seals, headers, _chain.Now).Refusal!.Code.Should().Be("invalid_seal");
    }
}
