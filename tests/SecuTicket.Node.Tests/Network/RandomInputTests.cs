using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;
using SecuTicket.Node.Peers;
using SecuTicket.Node.Peers.Messages;
using static SecuTicket.Node.Tests.TestChain;

namespace SecuTicket.Node.Tests.Network;

/// <summary>Whatever comes, in whatever order, twice, late or never asked for: nothing throws, memory is bounded, and whoever waits is answered in the end.</summary>
public sealed class RandomInputTests
{
    private const int Steps = 400;

    private static readonly NetworkSettings Small = new()
    {
        LookAfterRegistration = 0,
        KnownLeaves = 16,
        QueuedLeaves = 16,
        UnwantedLeaves = 32,
        AskedOfCaller = 40,
        RememberedCallers = 8,
        RememberedMisconduct = 8,
        Waiting = 6,
        BanTime = 60_000,
    };

    private readonly List<Task> _waiting = [];
    private NetworkScenario _ours = null!;
    private HandPeer[] _peers = [];
    private Random _random = null!;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void Nothing_throws_memory_is_bounded_and_everybody_is_answered(int seed)
    {
        Begin(seed);
        var most = 0;
        for (var i = 0; i < Steps; i++)
        {
            Disturb();
            most = Math.Max(most, _ours.Loop.Remembered - Awaited - (2 * _ours.Snapshot.Pending.Count));
        }

        most.Should().BeLessThanOrEqualTo((4 * Small.UnwantedLeaves) + (Small.RememberedCallers * (Small.AskedOfCaller + 1)) + Small.RememberedMisconduct + (_peers.Length * ((2 * Small.KnownLeaves) + (4 * Small.QueuedLeaves))));
        _ours.HoldsJudgement = false;
        foreach (var peer in _peers) peer.IsSilent = _ => false;
        FailAll();
        _ours.Pass(Small.ResolveTime);
        FailAll();
        _waiting.Should().OnlyContain(answer => answer.IsCompletedSuccessfully);
        _ours.Ledger.Loop.State.Chain.Ledger.Supply.Should().Be(_ours.Ledger.Loop.State.Chain.Ledger.Balances.Sum(balance => balance.Value));
    }

    [Fact]
    public void The_same_inputs_at_the_same_times_give_the_same_effects()
    {
        var runs = Enumerable.Range(0, 2).Select(_ =>
        {
            Begin(42);
            for (var i = 0; i < Steps; i++) Disturb();
            return _ours.Made.Select(call => $"{call.Number} {call.To} {PeerKinds.Of(call.Request)}").ToArray();
        }).ToArray();

        runs[0].Should().Equal(runs[1]);
    }

    private int Awaited => _ours.Calls.Count + _ours.Held.Count + _ours.Unjudged.Count;

    private void Begin(int seed)
    {
        _random = new Random(seed);
        _ours = new NetworkScenario(setup: new NetworkSetup { Network = Small, Seed = seed });
        _peers = [.. Enumerable.Range(0, 5).Select(i => new HandPeer(_ours, $"peer{i}", address: $"http://20.{i}.0.1:5000"))];
        foreach (var peer in _peers) peer.IsSilent = _ => _random.Next(3) == 0;
        foreach (var peer in _peers) peer.Lie = request => _random.Next(12) == 0 ? Odd(peer, request) : null;
    }

    private Verdict<PeerAnswer>? Odd(HandPeer peer, PeerRequest request) => _random.Next(5) switch
    {
        0 => HandPeer.Refuse("unreachable"),
        1 => HandPeer.Refuse(PeerRefusals.SessionUnknown),
        2 => HandPeer.Break("not_a_node"),
        3 => HandPeer.Refuse(RefusalCodes.NotFound),
        _ => HandPeer.Give(AnyAnswer(peer)),
    };

    private PeerAnswer AnyAnswer(HandPeer peer) => _random.Next(6) switch
    {
        0 => new PeerAnswer.Noted(),
        1 => new PeerAnswer.Tip(new PeerTip(_random.Next(), (UInt128)_random.Next(), Leaf())),
        2 => new PeerAnswer.Headers([peer.Chain.Spec.Genesis.SealedHeader]),
        3 => new PeerAnswer.Blocks([peer.Chain.Spec.Genesis]),
        4 => new PeerAnswer.Wanted([0, 5, 900]),
        _ => new PeerAnswer.Addresses([.. _peers.Select(one => one.Address)]),
    };

    private void Disturb()
    {
        var peer = _peers[_random.Next(_peers.Length)];
        switch (_random.Next(16))
        {
            case 0: _waiting.Add(_ours.Register(peer.Address)); break;
            case 1: _waiting.Add(_ours.Resolve()); break;
            case 2 when _random.Next(4) == 0: _waiting.Add(_ours.Forget(peer.Address)); break;
            case 3: peer.Greet(); break;
            case 4: _ours.Pass(_random.Next(8_000)); break;
            case 5: peer.Chain.Seal(); break;
            case 6 when peer.Chain.Blocks.Count > 0: peer.Announce(peer.Chain.Blocks[_random.Next(peer.Chain.Blocks.Count)]); break;
            case 7: _ours.Mine(); break;
            case 8: _ours.Submit(_ours.Ledger.Elsewhere.TopUp(Alice, 1 + _random.Next(100))); break;
            case 9: Bring(peer); break;
            case 10: _ours.Announce(peer.Node, [.. Enumerable.Range(0, _random.Next(20)).Select(_ => Leaf())]); break;
            case 11: AnswerAny(); break;
            case 15 when peer.Chain.Blocks.Count > 0: peer.AnnounceTip(peer.Chain.Blocks[_random.Next(peer.Chain.Blocks.Count)]); break;
            case 12: _ours.HoldsJudgement = !_ours.HoldsJudgement; break;
            case 13: _ours.Step(new NetworkInput.EventsMissed()); break;
            case 14 when _random.Next(8) == 0: _ours.Step(new NetworkInput.Misbehaved(peer.Node, new Refusal(PeerRefusals.MalformedMessage, "It can not be read."))); break;
            default: _ours.Run(); break;
        }
    }

    private void Bring(HandPeer peer)
    {
        var transaction = _ours.Ledger.Elsewhere.TopUp(Bob, 1 + _random.Next(100));
        if (_random.Next(3) > 0) peer.Announce(transaction);
        if (_random.Next(6) == 0) transaction = TransactionVerifier.Restore(new Transaction(transaction.Transaction.Payload, [Alice.Sign(Hash256.Zero)]));
        peer.Bring(transaction, transaction);
    }

    // Calls that are out, that were answered before, or that nobody made.
    private void AnswerAny()
    {
        var number = _random.Next(_ours.Made.Count + 2);
        var call = _ours.Made.FirstOrDefault(one => one.Number == number);
        var peer = _peers.FirstOrDefault(one => one.Address == call?.To) ?? _peers[0];
        _ours.Held.RemoveAll(one => one.Number == number);
        if (_random.Next(3) == 0) _ours.Step(new NetworkInput.CallFailed(number, new Refusal("unreachable", "Nobody is there.", RefusalKind.Transient)));
        else if (call is not null && _random.Next(2) == 0 && peer.Honestly(call.Request).TryGet(out var honest, out _)) _ours.Step(new NetworkInput.Answered(number, honest, 10));
        else _ours.Step(new NetworkInput.Answered(number, AnyAnswer(peer), 10));
        _ours.Step(new NetworkInput.BlocksJudged(_random.Next(100) + 1_000_000, new BlockAcceptance(Leaf(), 0, 0, 0, null)));
        _ours.Step(new NetworkInput.TransactionsJudged(_random.Next(100) + 1_000_000, []));
    }

    private void FailAll()
    {
        _ours.Judge();
        _ours.Run();
        while (_ours.Held.Count > 0)
        {
            foreach (var call in _ours.Held.ToArray()) _ours.Fail(call, "unreachable");
            _ours.Run();
        }
    }

    private Hash256 Leaf()
    {
        Span<byte> bytes = stackalloc byte[Hash256.Size];
        _random.NextBytes(bytes);
        return new Hash256(bytes);
    }
}
