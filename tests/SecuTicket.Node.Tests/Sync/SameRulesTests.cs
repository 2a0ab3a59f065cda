using SecuTicket.Core.Blocks;
using SecuTicket.Core.Chain;
using SecuTicket.Core.Primitives;
using SecuTicket.Node.Sync;

namespace SecuTicket.Node.Tests.Sync;

/// <summary>What headers alone can show is judged in two places, by a branch of headers and by the chain that blocks are added to: they must never differ.</summary>
public class SameRulesTests
{
    private const long Step = 1_000;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void A_branch_takes_exactly_the_headers_whose_blocks_the_chain_takes(int seed)
    {
        var random = new Random(seed);
        var codes = new SortedSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < 100; i++) codes.Add(Compare(random));

        codes.Should().Contain(["", RefusalCodes.InvalidHeader, RefusalCodes.InvalidLink, RefusalCodes.InvalidTime, RefusalCodes.InvalidWork, "early"], "each kind is met");
    }

    private static string Compare(Random random)
    {
        var world = new HeaderWorld(reorganisationLimit: 8, difficulty: 2, retargetInterval: random.Next(4) * 4);
        var ours = world.Extend(world.Genesis, random.Next(1, 30), step: random.Next(1, 3) * Step);
        var archive = new Archive();
        var chain = archive.Add(Blockchain.Start(world.Spec, world.Seals), ours.Skip(1), HeaderWorld.Now);
        var fork = Math.Max(0, ours.Count - 1 - random.Next(9));
        var theirs = world.Extend(ours.Take(fork + 1), random.Next(12), "other", step: random.Next(1, 4) * Step / 2);
        if (random.Next(3) == 0) chain = archive.Add(chain, theirs.Skip(fork + 1).Take(random.Next(3)).TakeWhile((_, i) => fork + i + 2 < ours.Count), HeaderWorld.Now);
        theirs = Mutated(world, theirs, fork, random);
        var now = random.Next(2) == 0 ? HeaderWorld.Now : theirs.Max(header => header.Timestamp) - 120_000 + random.Next(-3, 3);

        var branch = new HeaderBranch(chain, world.Seals);
        var locator = branch.Request.Locator;
        var first = theirs.FindIndex(header => header.Hash == locator.First(hash => theirs.Exists(one => one.Hash == hash)));
        var refusal = branch.Add(HeaderWorld.Page(theirs.Skip(first + 1)), now).Refusal;

        var updated = chain;
        Refusal? expected = null;
        var before = theirs[first].Hash;
        foreach (var header in theirs.Skip(first + 1))
        {
            // What leads elsewhere may have a place in the chain, but is not the next of a branch.
            if (header.Previous != before && !(before == theirs[first].Hash && locator.Contains(header.Previous)))
            {
                expected = new Refusal(RefusalCodes.InvalidLink, "");
                break;
            }

            before = header.Hash;
            var update = updated.Add(Archive.BlockOf(header), now, archive);
            archive.Keep(update);
            updated = update.Chain;
            if (update.Verdict.Refusal is not { } refused || refused.Code == RefusalCodes.BlockExists) continue;

            expected = refused;
            break;
        }

        if (expected is { Kind: RefusalKind.Transient })
        {
            refusal.Should().BeNull();
            branch.AskAgainAt.Should().BeGreaterThan(now);
            updated.Find(branch.Tip.Hash).Should().NotBeNull();
            return "early";
        }

        (refusal?.Code).Should().Be(expected?.Code);
        if (refusal is null)
        {
            updated.Find(branch.Tip.Hash)!.Weight.Should().Be(branch.Weight);
            branch.Against(chain).IsWanted.Should().Be(updated.Tip.Hash != chain.Tip.Hash);
            branch.Against(chain).Missing.Should().NotContain(hash => chain.Find(hash) != null);
        }

        return refusal?.Code ?? "";
    }

    private static List<BlockHeader> Mutated(HeaderWorld world, List<BlockHeader> branch, int fork, Random random)
    {
        var at = branch.Count - 1 - random.Next(3);
        if (at <= fork) return branch;

        var header = branch[at];
        header = random.Next(10) switch
        {
            0 => header with { Index = header.Index + random.Next(-1, 2) },
            1 => header with { Previous = branch[Math.Max(0, at - 2)].Hash },
            2 => header with { Previous = Hash256.Sha256(header.Hash.Span) },
            3 => header with { Difficulty = (uint)Math.Max(0, header.Difficulty + random.Next(-1, 2)) },
            4 => header with { Version = 2 },
            5 => header with { Timestamp = branch[Math.Max(0, at - 6)].Timestamp + random.Next(0, 2) },
            6 => header with { Timestamp = header.Timestamp + 100_000 },
            7 => header with { Nonce = header.Nonce + 1 },
            _ => header,
        };
        if (random.Next(4) > 0) header = HeaderWorld.Mine(header);

        // What follows it follows it: only the one is wrong.
        return header == branch[at] ? branch : world.Extend([.. branch.Take(at), header], random.Next(3), "after");
    }

    private sealed class Archive : IBlockArchive
    {
        private readonly Dictionary<Hash256, ArchivedBlock> _blocks = [];

        public static VerifiedBlock BlockOf(BlockHeader header) => VerifiedBlock.Restore(new Block(header, []));

        public ArchivedBlock Find(Hash256 hash) => _blocks[hash];

        public Blockchain Add(Blockchain chain, IEnumerable<BlockHeader> headers, long now)
        {
            foreach (var header in headers)
            {
                var update = chain.Add(BlockOf(header), now, this);
                update.Verdict.Refusal.Should().BeNull();
                Keep(update);
                chain = update.Chain;
            }

            return chain;
        }

        public void Keep(ChainUpdate update)
        {
            foreach (var one in update.Disconnected) _blocks[one.Block.Hash] = new ArchivedBlock(one.Block.Block, null);
            foreach (var one in update.Connected) _blocks[one.Block.Hash] = new ArchivedBlock(one.Block.Block, one.Outcome.Delta);
            if (update.Side is { } side) _blocks[side.Block.Hash] = new ArchivedBlock(side.Block.Block, null);
        }
    }
}
