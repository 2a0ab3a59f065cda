using SecuTicket.Node.Peers.Messages;
using SecuTicket.Node.Sync;

namespace SecuTicket.Node.Tests.Sync;

public class LocatorTests
{
    [Fact]
    public void It_names_blocks_at_doubling_distances_the_last_that_a_reorganisation_may_go_back_to_and_genesis()
    {
        var world = new HeaderWorld(reorganisationLimit: 21);
        var branch = world.Extend(world.Genesis, 50);

        Locator.Of(world.ChainOf(branch)).Should().Equal(new[] { 50, 49, 48, 46, 42, 34, 29, 0 }.Select(index => branch[index].Hash));
    }

    [Theory]
    [InlineData(0, new[] { 0 })]
    [InlineData(1, new[] { 1, 0 })]
    [InlineData(2, new[] { 2, 1, 0 })]
    [InlineData(3, new[] { 3, 2, 1, 0 })]
    [InlineData(8, new[] { 8, 7, 6, 4, 0 })]
    [InlineData(10, new[] { 10, 9, 8, 6, 2, 0 })]
    [InlineData(11, new[] { 11, 10, 9, 7, 3, 1, 0 })]
    public void Of_a_short_chain_it_names_genesis_once(int height, int[] indexes)
    {
        var world = new HeaderWorld(reorganisationLimit: 10);
        var branch = world.Extend(world.Genesis, height);

        Locator.Of(world.ChainOf(branch)).Should().Equal(indexes.Select(index => branch[index].Hash));
    }

    [Fact]
    public void It_takes_16_hashes_at_the_most_with_the_usual_limit_and_fits_the_protocol_with_the_largest()
    {
        var world = new HeaderWorld(reorganisationLimit: 1_000, difficulty: 0);
        Locator.Of(world.ChainOf(world.Extend(world.Genesis, 1_100))).Count.Should().Be(13, "10 powers of two, the tip, the limit and genesis: 416 bytes of the 2 KiB that catching up one block may move");

        var doublings = (int)Math.Log2(100_000) + 1;
        (doublings + 3).Should().BeLessThan(PeerLimits.Locator);
    }

    [Fact]
    public void A_peer_brings_fewer_headers_that_we_have_than_blocks_ago_its_branch_left_ours()
    {
        var world = new HeaderWorld(reorganisationLimit: 30);
        var branch = world.Extend(world.Genesis, 60);
        var locator = Locator.Of(world.ChainOf(branch));

        for (var depth = 1; depth <= 30; depth++)
        {
            var theirs = branch.Take(61 - depth).Select(header => header.Hash).ToHashSet();
            var start = branch.FindIndex(header => header.Hash == locator.First(theirs.Contains));
            (60 - depth - start).Should().BeLessThan(depth, "the fork is {0} blocks back", depth);
        }
    }
}
