using System.Globalization;
using SecuTicket.Core.Blocks;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Benchmarks.Figures;

/// <summary>The root over many leaves.</summary>
internal sealed class MerkleRoot : Figure
{
    private const int Leaves = 65_536;

    // A node is SHA-256 of 65 bytes, with padding two blocks.
    private const int Compressions = 2 * (Leaves - 1);

    public override string Name => "merkle_root";

    public override string Unit => "compressions/s";

    public override string About => $"SHA-256 compressions a second on one core while the Merkle root over {Leaves:N0} leaves is made: two for each of its nodes.";

    public override double? TargetRatio => 1.5;

    public override string LimitName => "S";

    public override double? Limit(Session session) => session.Limits.S;

    public override Measurement Measure(Session session)
    {
        var leaves = new Hash256[Leaves];
        for (var i = 0; i < Leaves; i++) leaves[i] = Hash256.Sha256(BitConverter.GetBytes(i));
        var root = MerkleTree.Root(leaves);
        var measured = new Measurement(Repeated.Rates(session, 0.3, () =>
        {
            if (MerkleTree.Root(leaves) != root) throw new BenchmarkFailedException("The same leaves have another root.");
            return Compressions;
        }));
        return measured with { Notes = [string.Create(CultureInfo.InvariantCulture, $"{1_000 * Compressions / measured.Median:F1} ms a root")] };
    }
}
