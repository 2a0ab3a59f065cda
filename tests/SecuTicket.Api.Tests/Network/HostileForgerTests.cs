using System.Net;
using SecuTicket.Api.Tests.Contract;
using SecuTicket.Core.Blocks;
using SecuTicket.Node.Peers.Messages;

namespace SecuTicket.Api.Tests.Network;

/// <summary>Blocks of a chain of proof of stake that come over the peers' route, from whoever has a key.</summary>
[Trait("Length", "longer")]
public sealed class HostileForgerTests
{
    private const string Silent = "silent";

    [Fact]
    public async Task A_block_of_the_forger_of_its_slot_is_taken_from_anybody()
    {
        using var stage = await StartAsync();
        var slot = await SlotOfAsync(stage, isOurs: false);
        stage.AdvanceTo(slot);

        var block = stage.Forge(Silent, slot);
        using var stranger = await SendAsync(stage, block);

        await WritesScenario.UntilAsync(() => stage.Node.Node.Snapshot.Tip.Hash == block.Hash);
    }

    [Fact]
    public async Task A_block_for_a_slot_to_come_is_not_taken_yet_and_is_no_lie()
    {
        using var stage = await StartAsync();
        stage.AdvanceTo(await SlotOfAsync(stage, isOurs: false));
        var (slot, later) = (await SlotOfAsync(stage, isOurs: false), await SlotOfAsync(stage, isOurs: false, from: 3));
        var inTime = stage.Forge(Silent, slot);

        using var stranger = await SendAsync(stage, stage.Forge(Silent, later));
        (await stranger.AskAsync<PeerAnswer.Tip>(new PeerRequest.GetTip())).Value.Height.Should().Be(1);
        using var other = await SendAsync(stage, inTime);

        // Of two that weigh the same the first stays.
        await WritesScenario.UntilAsync(() => stage.Node.Node.Snapshot.Tip.Hash == inTime.Hash);
    }

    [Theory]
    [InlineData("by the wrong forger")]
    [InlineData("with the right forger's wrong signature")]
    [InlineData("for a slot long gone")]
    [InlineData("by somebody without stake")]
    public async Task A_wrong_block_is_refused_and_its_sender_is_left_alone(string what)
    {
        using var stage = await StartAsync();
        var (ours, theirs, gone) = (await SlotOfAsync(stage, isOurs: true), await SlotOfAsync(stage, isOurs: false), stage.Node.Node.Snapshot.Chain.Turns!.Slot);
        stage.AdvanceTo(Math.Max(ours, theirs));
        var block = what switch
        {
            "by the wrong forger" => stage.Forge(Silent, ours),
            "with the right forger's wrong signature" => stage.Forge(Silent, theirs, "stranger"),
            "by somebody without stake" => stage.Forge("stranger", theirs),
            _ => stage.Forge(Silent, gone),
        };

        using var stranger = await SendAsync(stage, block);

        await UntilBanishedAsync(stranger);
        stage.Node.Node.Snapshot.Tip.Index.Should().Be(1);
    }

    private static async Task<StakeStage> StartAsync()
    {
        var stage = new StakeStage(others: [(Silent, 900)]);
        await stage.SealAsync();
        return stage;
    }

    private static async Task<long> SlotOfAsync(StakeStage stage, bool isOurs, int from = 0) =>
        (await stage.TurnsAsync()).Skip(from).First(turn => (turn.Forger == stage.Forger.Id) == isOurs).Slot;

    private static async Task<Stranger> SendAsync(StakeStage stage, Block block)
    {
        var stranger = new Stranger(stage.Api.Http, stage.Node.Node.Spec);
        await stranger.EnterAsync();
        var chain = stage.Node.Node.Snapshot.Chain;
        await stranger.AskAsync<PeerAnswer.Noted>(new PeerRequest.AnnounceBlock(new PeerTip(block.Header.Index, chain.Tip.Weight + 1, block.Hash), CompactBlock.Of(block)));
        return stranger;
    }

    private static async Task UntilBanishedAsync(Stranger stranger)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            using var answer = await stranger.SendAsync(PeerKinds.Tip, PeerCodec.Encode(new PeerRequest.GetTip()));
            if (answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden) return;

            TimeProvider.System.GetElapsedTime(start).Should().BeLessThan(PeerNode.Patience, "whoever sends what no node would send is not heard any more");
        }
    }
}
