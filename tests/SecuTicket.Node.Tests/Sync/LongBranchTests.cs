using SecuTicket.Core.Blocks;
using SecuTicket.Core.Primitives;
using SecuTicket.Node.Peers.Messages;
using SecuTicket.Node.Sync;

namespace SecuTicket.Node.Tests.Sync;

/// <summary>Branches too long to be kept: cheap headers made on the fly.</summary>
public class LongBranchTests
{
    private readonly HeaderWorld _world = new(difficulty: 0);

    [Fact]
    public void Cheap_headers_without_end_take_no_more_memory_than_a_hash_a_page()
    {
        const int Count = 200_000;
        var branch = new HeaderBranch(_world.ChainOf(_world.Genesis), _world.Seals);
        var most = 0;
        foreach (var page in Cheap(Count).Chunk(PeerLimits.Headers))
        {
            branch.Add(HeaderWorld.Page(page), HeaderWorld.Now * 2).IsAccepted.Should().BeTrue();
            most = Math.Max(most, branch.HeldHashes + branch.HeldHeaders);
        }

        branch.Count.Should().Be(Count);
        branch.Weight.Should().Be(Count);
        most.Should().BeLessThan(HeaderBranch.MaxListed + (Count / PeerLimits.Headers) + 20);
        (branch.HeldHashes + branch.HeldHeaders).Should().BeLessThan((Count / PeerLimits.Headers) + 20);
    }

    [Theory]
    [InlineData(4_096, 0)]
    [InlineData(4_097, 3)]
    [InlineData(6_000, 3)]
    [InlineData(6_001, 4)]
    public void Beyond_what_is_listed_its_segments_are_read_once_more(int count, int segments)
    {
        var theirs = _world.Extend(_world.Genesis, count);
        var branch = _world.Read(_world.ChainOf(_world.Genesis), theirs);

        var standing = branch.Against(branch.Chain);

        branch.IsLong.Should().Be(segments > 0);
        standing.Segments.Should().HaveCount(segments);
        standing.Missing.Concat(standing.Segments.SelectMany(segment => segment.Read(HeaderWorld.Answer(theirs, segment.Request)).Value))
            .Should().Equal(theirs.Skip(1).Select(header => header.Hash));
    }

    [Fact]
    public void Of_a_long_branch_the_segments_that_our_chain_has_meanwhile_are_not_read()
    {
        var theirs = _world.Extend(_world.Genesis, 7_000);
        var branch = _world.Read(_world.ChainOf(_world.Genesis), theirs);

        var standing = branch.Against(_world.ChainOf(theirs[..4_001]));

        standing.Should().BeEquivalentTo(new { IsWanted = true, Undone = 0L });
        standing.Segments.Should().Equal(new HeaderSegment(theirs[4_000].Hash, theirs[6_000].Hash, 2_000), new HeaderSegment(theirs[6_000].Hash, theirs[7_000].Hash, 1_000));
    }

    [Fact]
    public void A_segment_leads_from_its_first_hash_to_its_last()
    {
        var theirs = _world.Extend(_world.Genesis, 20);
        var elsewhere = _world.Extend(theirs.Take(10), 11, "other");
        var segment = new HeaderSegment(theirs[5].Hash, theirs[15].Hash, 10);

        Refusal? Read(IEnumerable<BlockHeader> page) => segment.Read(HeaderWorld.Page(page)).Refusal;

        segment.Request.Should().Be(new PeerRequest.GetHeaders([theirs[5].Hash], 10));
        Read(theirs[6..16]).Should().BeNull();
        Read(theirs[6..15]).Should().BeEquivalentTo(new { Code = RefusalCodes.UnknownParent, Kind = RefusalKind.Transient });
        Read([]).Should().BeEquivalentTo(new { Code = RefusalCodes.UnknownParent, Kind = RefusalKind.Transient });
        Read(theirs[6..17]).Should().BeEquivalentTo(new { Code = RefusalCodes.TooLarge, Kind = RefusalKind.Invalid });
        Read(theirs[5..15]).Should().BeEquivalentTo(new { Code = RefusalCodes.InvalidLink, Kind = RefusalKind.Invalid });
        Read(theirs[6..12].Concat(theirs[13..17])).Should().BeEquivalentTo(new { Code = RefusalCodes.InvalidLink, Kind = RefusalKind.Invalid });
        Read(elsewhere[6..16]).Should().BeEquivalentTo(new { Code = RefusalCodes.InvalidLink, Kind = RefusalKind.Invalid }, "it ends elsewhere");
    }

    [Fact]
    public void A_branch_is_read_up_to_a_limit_and_what_was_read_counts()
    {
        var theirs = _world.Extend(_world.Genesis, 6_500);
        var branch = new HeaderBranch(_world.ChainOf(_world.Genesis), _world.Seals, maxHeaders: 4_000);
        while (!branch.IsEnded) branch.Add(HeaderWorld.Answer(theirs, branch.Request), HeaderWorld.Now);

        branch.Should().BeEquivalentTo(new { Count = 4_000L, Tip = theirs[4_000] });
        branch.Against(branch.Chain).IsWanted.Should().BeTrue();
        branch.VerifyClaim(new PeerTip(6_500, 6_500, theirs[^1].Hash)).Refusal!.Kind.Should().Be(RefusalKind.Transient, "it may well be true");
    }

    private IEnumerable<BlockHeader> Cheap(int count)
    {
        var header = _world.Genesis[0];
        for (var i = 0; i < count; i++)
        {
            header = new BlockHeader(header.Version, header.Chain, header.Index + 1, header.Hash, header.TransactionsRoot, header.StateRoot, header.Timestamp + 1, 0, header.Sealer, i);
            yield return header;
        }
    }
}
