using SecuTicket.Core.Primitives;
using SecuTicket.Node.Peers.Messages;

namespace SecuTicket.Node.Tests.Network;

/// <summary>What peers claim of their chains, and what their headers show. Issue 4, 2 and the named cases.</summary>
public sealed class ClaimTests
{
    private readonly NetworkScenario _ours = new();
    private readonly HandPeer _liar;
    private readonly HandPeer _honest;

    public ClaimTests()
    {
        _liar = new HandPeer(_ours, "liar");
        _honest = new HandPeer(_ours, "honest");
    }

    private static PeerTip Absurd => new((1L << 53) - 1, UInt128.MaxValue, Hash256.Sha256([7]));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_absurd_claim_costs_one_page_of_headers_and_the_honest_chain_is_taken(bool hasChain)
    {
        if (hasChain) _liar.Chain.Seal();
        _liar.Claim = Absurd;
        _honest.Chain = HandPeer.Branch(_honest.Chain, 0, "honest", 3);
        _liar.Join();
        _honest.Join();

        _ours.Pass(1);

        _ours.Tip.Should().Be(_honest.Tip);
        _liar.Count<PeerRequest.GetHeaders>().Should().BeLessThanOrEqualTo(2);
        _liar.IsConnected.Should().BeTrue("once may be an accident");
    }

    [Fact]
    public void Who_claims_again_what_its_headers_do_not_show_is_dropped()
    {
        _liar.Claim = Absurd;
        _liar.Join();

        _ours.Pass(30_000);

        _liar.IsLeftAlone.Should().BeTrue();
        _liar.Count<PeerRequest.GetHeaders>().Should().Be(3, "forty points each, a hundred are too many");
        _ours.Reports.Should().ContainSingle().Which.Sentence.Should().Contain(UInt128.MaxValue.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public void A_claim_of_more_work_than_ours_that_is_no_heavier_leads_to_nothing()
    {
        _ours.Mine();
        _liar.Claim = _ours.Tip with { Height = 1_000_000, Hash = Hash256.Sha256([7]) };
        _liar.Join();
        _ours.Pass(10_000);

        _liar.Count<PeerRequest.GetHeaders>().Should().Be(0, "height is no weight");
    }

    [Fact]
    public void Peers_that_claim_the_most_and_give_nothing_can_not_keep_the_honest_one_from_being_read()
    {
        var silent = Enumerable.Range(0, 5).Select(i => new HandPeer(_ours, $"silent{i}") { Claim = Absurd, IsSilent = request => request is PeerRequest.GetHeaders }).ToArray();
        foreach (var peer in silent) peer.Join();
        _honest.Chain.Seal();
        _honest.Join();

        for (var time = 0; time < 300 && _ours.Tip.Height == 0; time += 10)
        {
            _ours.Pass(10_000);
            foreach (var call in _ours.Held.ToArray()) _ours.Fail(call, "unreachable");
        }

        _ours.Tip.Height.Should().Be(1);
        _ours.Reports.Should().BeEmpty("it may be that they can not");
    }

    [Fact]
    public void A_peer_whose_chain_could_not_be_had_is_asked_again_after_a_while()
    {
        _honest.Chain.Seal();
        _honest.Lie = request => request is PeerRequest.GetHeaders ? HandPeer.Refuse("unreachable") : null;
        _honest.Join();
        _ours.Pass(4_000);
        _honest.Count<PeerRequest.GetHeaders>().Should().Be(1);

        _honest.Lie = _ => null;
        _ours.Pass(7_000);

        _ours.Tip.Height.Should().Be(1);
    }

    [Fact]
    public void Who_answers_questions_for_headers_with_something_else_again_and_again_is_dropped()
    {
        _liar.Chain.Seal();
        _liar.Lie = request => request is PeerRequest.GetHeaders ? HandPeer.Break("not_a_node") : null;
        _liar.Join();
        _ours.Pass(6_000);
        _liar.IsConnected.Should().BeTrue();

        _ours.Pass(60_000);
        _liar.IsLeftAlone.Should().BeTrue();
    }

    [Fact]
    public void While_our_own_ledger_is_slow_no_peer_is_left_for_another()
    {
        _ours.HoldsJudgement = true;
        _honest.Chain.Seal();
        var other = new HandPeer(_ours, "other", _honest.Chain);
        _honest.Join();
        other.Join();

        _ours.Pass(20_000);

        other.Count<PeerRequest.GetHeaders>().Should().Be(0);
        _ours.Offered.Should().ContainSingle();
    }

    [Fact]
    public void A_tip_that_does_not_follow_ours_and_comes_with_its_header_is_no_lie()
    {
        _honest.Chain = HandPeer.Branch(_honest.Chain, 0, "honest", 3);
        _honest.Lie = request => request is PeerRequest.GetTip ? HandPeer.Give(new PeerAnswer.Tip(_honest.Tip, _honest.Chain.Blocks[^1].Block.SealedHeader)) : null;
        _honest.Join();
        _honest.Chain.Seal();
        _honest.Chain.Seal();
        _ours.Pass(6_000);

        _ours.Tip.Should().Be(_honest.Tip);
        _honest.IsConnected.Should().BeTrue();
    }

    [Fact]
    public void A_peer_that_brings_nothing_is_left_for_another_one_and_what_it_brings_later_is_not_looked_at()
    {
        var silent = new HandPeer(_ours, "silent") { IsSilent = request => request is PeerRequest.GetHeaders };
        silent.Chain = HandPeer.Branch(silent.Chain, 0, "silent", 5);
        silent.Join();
        _honest.Chain.Seal();
        _honest.Join();
        _ours.Pass(1_900);
        _ours.Tip.Height.Should().Be(0, "one is read at a time");

        _ours.Pass(100);
        _ours.Tip.Height.Should().Be(1);
        var call = _ours.Held.Single();
        _ours.Answer(call, silent.Honestly(call.Request).Value);
        _ours.Run();
        silent.Count<PeerRequest.GetCompactBlock>().Should().Be(0);
    }

    [Theory]
    [InlineData("headers")]
    [InlineData("announced")]
    public void Headers_of_the_future_are_asked_for_again_when_they_are_due_and_nobody_is_to_blame(string how)
    {
        var early = Forgery.At(_honest.Chain, _ours.Now + ((_ours.Ledger.Spec.MaxFutureSeconds + 60) * 1_000L));
        if (how == "announced") _honest.Join();
        _honest.Chain.Take(early);
        if (how == "announced") _honest.Announce(early);
        else _honest.Join();

        _ours.Pass(59_000);
        _ours.Tip.Height.Should().Be(0);
        _honest.Count<PeerRequest.GetHeaders>().Should().BeLessThanOrEqualTo(1);
        _ours.Pass(6_500);

        _ours.Tip.Should().Be(_honest.Tip);
        _honest.IsConnected.Should().BeTrue();
        _ours.Reports.Should().BeEmpty();
    }

    [Fact]
    public void What_comes_before_a_header_of_the_future_is_taken_now()
    {
        _honest.Chain.Seal();
        _honest.Chain.Take(Forgery.At(_honest.Chain, _ours.Now + 1_000_000));
        _honest.Join();
        _ours.Pass(1);

        _ours.Tip.Height.Should().Be(1);
        _ours.Banished.Should().BeEmpty();
    }

    [Theory]
    [InlineData("the past", "announced")]
    [InlineData("no work", "announced")]
    [InlineData("the past", "headers")]
    [InlineData("no work", "headers")]
    public void Who_shows_a_header_that_no_honest_node_makes_is_dropped(string fault, string how)
    {
        var chain = HandPeer.Branch(_liar.Chain, 0, "base", 3);
        _ours.Take([.. chain.Blocks]);
        _liar.Chain = chain;
        _liar.Join();
        _ours.Pass(1);
        var bad = fault == "no work" ? Forgery.WithoutWork(chain) : Forgery.Backdated(chain);
        _liar.Claim = new PeerTip(4, _ours.Tip.Weight + 2, bad.Hash);

        if (how == "announced") _liar.Announce(bad);
        else _liar.Lie = request => request is PeerRequest.GetHeaders ? HandPeer.Give(new PeerAnswer.Headers([bad.Block.SealedHeader])) : null;
        _ours.Pass(6_000);

        (how == "announced" ? _liar.IsBanished : _liar.IsLeftAlone).Should().BeTrue();
        _ours.Tip.Height.Should().Be(3);
        _ours.Reports.Should().ContainSingle().Which.Sentence.Should().Contain(fault == "no work" ? RefusalCodes.InvalidWork : "invalid_time");
        _liar.Count<PeerRequest.GetBlocks>().Should().Be(0, "no body is asked for before the header is right");
    }

    [Fact]
    public void Headers_that_nobody_asked_about_are_the_senders_fault()
    {
        _ours.Mine();
        _liar.Chain = HandPeer.Branch(_liar.Chain, 0, "theirs", 4);
        _liar.Lie = request => request is PeerRequest.GetHeaders ? HandPeer.Give(new PeerAnswer.Headers([.. _liar.Chain.Blocks.Skip(2).Select(block => block.Block.SealedHeader)])) : null;
        _liar.Join();
        _ours.Pass(1);

        _liar.IsLeftAlone.Should().BeTrue();
    }
}
