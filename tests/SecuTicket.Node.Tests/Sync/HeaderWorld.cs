using System.Text.Json;
using SecuTicket.Core.Blocks;
using SecuTicket.Core.Chain;
using SecuTicket.Core.Consensus.ProofOfWork;
using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;
using SecuTicket.Node.Peers.Messages;
using SecuTicket.Node.Sync;

namespace SecuTicket.Node.Tests.Sync;

/// <summary>Makes branches of empty blocks: real headers with real work, a second apart unless a test wants them otherwise.</summary>
internal sealed class HeaderWorld
{
    public HeaderWorld(int reorganisationLimit = 10, int difficulty = 1, int retargetInterval = 0, Person? sealer = null)
    {
        Spec = ChainSpec.Parse(JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object>
        {
            ["chain_id"] = "header-chain",
            ["currency"] = "EUR",
            ["engine"] = ChainSpec.ProofOfWorkEngine,
            ["genesis_time"] = TestChain.GenesisTime,
            ["proof_of_work"] = new { difficulty, retarget_interval = retargetInterval, target_block_time = 1_000 },
            ["reorganisation_limit"] = reorganisationLimit,
            ["reward"] = 0,
        }.Concat(sealer is null ? [] : [KeyValuePair.Create<string, object>("sealers", new[] { sealer.ToString() })]).ToDictionary())).Value;
        _sealer = sealer;
        Seals = new ProofOfWorkVerifier(Spec, new P256Verifier(16));
        Genesis = [Spec.Genesis.Header];
    }

    // A key costs a millisecond, and only a chain with named sealers needs one.
    private readonly Person? _sealer;

    /// <summary>Later than every block that a test makes, unless it says so.</summary>
    public const long Now = TestChain.GenesisTime + 100_000_000;

    public ChainSpec Spec { get; }

    public ProofOfWorkVerifier Seals { get; }

    /// <summary>The branch that has its genesis only.</summary>
    public IReadOnlyList<BlockHeader> Genesis { get; }

    public static SealedHeader[] Page(IEnumerable<BlockHeader> headers) => [.. headers.Select(header => new SealedHeader(header, null))];

    /// <summary>Finds a nonce, the smallest.</summary>
    public static BlockHeader Mine(BlockHeader header) => header with { Nonce = ProofOfWork.Search(header.Encode(), header.Difficulty, 0, long.MaxValue)!.Value };

    /// <summary>The header that may follow a branch.</summary>
    public BlockHeader Next(IReadOnlyList<BlockHeader> branch, long step = 1_000, string name = "main") => Mine(new BlockHeader(
        BlockHeader.CurrentVersion,
        Spec.ChainHash,
        branch.Count,
        branch[^1].Hash,
        MerkleTree.Root([]),
        Hash256.Zero,
        branch[^1].Timestamp + step,
        Seals.DifficultyAfter(steps => steps < branch.Count ? branch[^(steps + 1)] : null),
        AddressOf(name),
        0));

    private Address AddressOf(string name) => _sealer is not null && name == "sealer" ? _sealer.Address : new Address(Hash256.Sha256(System.Text.Encoding.UTF8.GetBytes(name)).Span[..Address.Size]);

    /// <summary>A branch and so many headers more.</summary>
    public List<BlockHeader> Extend(IEnumerable<BlockHeader> branch, int count, string name = "main", long step = 1_000)
    {
        var headers = branch.ToList();
        for (var i = 0; i < count; i++) headers.Add(Next(headers, step, name));
        return headers;
    }

    public UInt128 WeightOf(IEnumerable<BlockHeader> branch) => branch.Skip(1).Aggregate(UInt128.Zero, (weight, header) => weight + Seals.WeightOf(header));

    /// <summary>Our chain with this branch, and of others as much as a node keeps.</summary>
    public Blockchain ChainOf(IReadOnlyList<BlockHeader> branch, params IReadOnlyList<BlockHeader>[] others)
    {
        var oldest = branch[^1].Index - Blockchain.Kept(Spec);
        return Blockchain.Restore(Spec, Seals, NodesOf(branch).Concat(others.SelectMany(NodesOf)).Where(node => node.Header.Index >= oldest), branch[^1].Hash, LedgerState.Empty);
    }

    /// <summary>Our chain with this branch, of a node whose operator knows a block.</summary>
    public Blockchain ChainOf(IReadOnlyList<BlockHeader> branch, KnownBlock known) => Blockchain.Restore(Spec with { Checkpoint = known }, Seals, NodesOf(branch), branch[^1].Hash, LedgerState.Empty);

    public IEnumerable<ChainNode> NodesOf(IEnumerable<BlockHeader> branch)
    {
        var weight = UInt128.Zero;
        foreach (var header in branch)
        {
            if (header.Index > 0) weight += Seals.WeightOf(header);
            yield return new ChainNode(header, weight);
        }
    }

    /// <summary>Asks a peer that has this branch, until there is no more.</summary>
    public HeaderBranch Read(Blockchain chain, IReadOnlyList<BlockHeader> theirs, long now = Now)
    {
        var branch = new HeaderBranch(chain, Seals);
        while (!branch.IsEnded) branch.Add(Answer(theirs, branch.Request), now).Refusal.Should().BeNull();
        return branch;
    }

    /// <summary>What a peer with this branch answers.</summary>
    public static SealedHeader[] Answer(IReadOnlyList<BlockHeader> theirs, PeerRequest.GetHeaders request)
    {
        var places = theirs.Select((header, i) => (header.Hash, i)).ToDictionary(one => one.Hash, one => one.i);
        var start = request.Locator.Where(places.ContainsKey).Select(hash => places[hash]).DefaultIfEmpty(theirs.Count).First();
        return Page(theirs.Skip(start + 1).Take(request.Count));
    }
}
