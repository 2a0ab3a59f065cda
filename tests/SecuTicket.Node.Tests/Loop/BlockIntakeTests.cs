using SecuTicket.Core.Blocks;
using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;
using SecuTicket.Node.Storage;
using static SecuTicket.Node.Tests.TestChain;

namespace SecuTicket.Node.Tests.Loop;

public sealed class BlockIntakeTests : IDisposable
{
    private readonly P256Verifier _keys = new(16);
    private readonly TestChain _chain = new(new InMemoryBlockStore());
    private readonly Queue<Func<CancellationToken, ValueTask<bool>>> _answers = new();
    private readonly List<NodeCommand.Offer> _sent = [];
    private readonly BlockIntake _intake;

    public BlockIntakeTests() => _intake = new BlockIntake(new TransactionVerifier(_keys), _ => null, SendAsync);

    public void Dispose() => _keys.Dispose();

    [Fact]
    public async Task The_next_blocks_are_checked_and_submitted_while_those_before_them_were_not_judged()
    {
        var (large, small) = (Block(40), Block(1));
        var (first, second) = (Offer(large), Offer(small));
        await SentAsync(2);

        _sent.Select(offer => offer.Blocks.Single().Hash).Should().Equal([large.Hash, small.Hash], "the small one waited for its turn");
        first.IsCompleted.Should().BeFalse();
        _sent[1].Reply.Set(Taken(2));
        _sent[0].Reply.Set(Taken(1));
        (await first)!.Value.Value.Connected.Should().Be(1);
        (await second)!.Value.Value.Connected.Should().Be(2);
    }

    [Fact]
    public async Task A_bad_signature_is_told_with_what_became_of_the_blocks_before_it_unless_one_of_them_was_refused()
    {
        var good = Block(1);
        var (answer, other) = (Offer(good, Forged()), Offer(Forged()));
        await SentAsync(2);
        _sent[0].Reply.Set(Taken(1));
        _sent[1].Reply.Set(Taken(0) with { Refusal = new Refusal(RefusalCodes.UnknownParent, "Its parent is not here.") });

        _sent[0].Blocks.Should().ContainSingle().Which.Hash.Should().Be(good.Hash);
        (await answer)!.Value.Value.Refusal!.Code.Should().Be(RefusalCodes.SignatureInvalid);
        (await other)!.Value.Value.Refusal!.Code.Should().Be(RefusalCodes.UnknownParent);
    }

    [Fact]
    public async Task An_offer_that_was_given_up_or_failed_holds_no_other_up()
    {
        using var giveUp = new CancellationTokenSource();
        _answers.Enqueue(async cancellation =>
        {
            await Task.Delay(Timeout.Infinite, cancellation);
            return true;
        });
        _answers.Enqueue(_ => throw new InvalidTimeZoneException("a bug"));
        var (givenUp, failed, last) = (_intake.OfferAsync([Block(1)], giveUp.Token), Offer(Block(2)), Offer(Block(3)));

        await giveUp.CancelAsync();

        await FluentActions.Awaiting(() => givenUp).Should().ThrowAsync<OperationCanceledException>();
        await FluentActions.Awaiting(() => failed).Should().ThrowAsync<InvalidTimeZoneException>();
        await SentAsync(1);
        _sent[0].Reply.Set(Taken(3));
        (await last)!.Value.Value.Connected.Should().Be(3);
    }

    [Fact]
    public async Task After_the_end_there_is_no_answer()
    {
        _answers.Enqueue(_ => new ValueTask<bool>(false));

        (await Offer(Block(1))).Should().BeNull();
    }

    private static BlockAcceptance Taken(int connected) => new(default, connected, 0, connected, null);

    private Task<Verdict<BlockAcceptance>?> Offer(params Block[] blocks) => _intake.OfferAsync(blocks, CancellationToken.None);

    private Block Block(int transactions) => _chain.Forge([.. Enumerable.Range(1, transactions).Select(amount => _chain.TopUp(Alice, amount))]).Block;

    private Block Forged()
    {
        var forged = new Transaction(_chain.TopUp(Alice, 6).Payload, [Bank.Sign(Hash256.Zero)]);
        return new Block(_chain.Spec.Genesis.Header with { TransactionsRoot = MerkleTree.Root([forged.Leaf]) }, [forged]);
    }

    private async ValueTask<bool> SendAsync(NodeCommand command, CancellationToken cancellation)
    {
        if (_answers.TryDequeue(out var answer)) return await answer(cancellation);

        lock (_sent)
        {
            _sent.Add((NodeCommand.Offer)command);
            Monitor.PulseAll(_sent);
        }

        return true;
    }

    private Task SentAsync(int count) => Task.Run(() =>
    {
        lock (_sent)
        {
            while (_sent.Count < count) Monitor.Wait(_sent);
        }
    });
}
