using System.Security.Cryptography;
using SecuTicket.Core.Consensus.ProofOfStake;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Tests.Consensus.Stakes;

/// <summary>Hash chains are revealed from their end, link by link.</summary>
public class OnionTests
{
    private static readonly Hash256 Secret = Hash256.Sha256("a secret"u8);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(1_023)]
    [InlineData(1_024)]
    [InlineData(1_025)]
    [InlineData(2_500)]
    public void Every_link_is_what_hashing_the_secret_gives(int length)
    {
        var links = Links(length);
        var onion = new Onion(Secret, length);

        onion.Commitment.Should().Be(links[length]);
        for (var left = length; left > 0; left--)
        {
            onion.Left(links[left]).Should().Be(left);
            onion.Before(links[left]).Should().Be(links[left - 1]);
        }

        onion.Before(Secret).Should().BeNull("a chain that is all revealed needs another");
        onion.Left(Secret).Should().Be(0);
    }

    [Fact]
    public void After_a_start_or_on_another_branch_any_link_is_found()
    {
        var links = Links(2_500);
        var onion = new Onion(Secret, 2_500);

        foreach (var left in new[] { 3, 2_400, 2_403, 1, 1_024, 2_047, 500, 1_023, 2_500 }) onion.Before(links[left]).Should().Be(links[left - 1]);
    }

    [Fact]
    public void What_is_no_link_has_none_before()
    {
        var onion = new Onion(Secret, 10);

        onion.Before(Hash256.Sha256("another"u8)).Should().BeNull();
        onion.Left(default).Should().BeNull();
        new Onion(Hash256.Sha256("another"u8), 10).Before(onion.Commitment).Should().BeNull();
        FluentActions.Invoking(() => new Onion(Secret, 0)).Should().Throw<ArgumentOutOfRangeException>();
    }

    private static Hash256[] Links(int length)
    {
        var links = new Hash256[length + 1];
        links[0] = Secret;
        for (var i = 1; i <= length; i++) links[i] = new Hash256(SHA256.HashData(links[i - 1].Span));
        return links;
    }
}
