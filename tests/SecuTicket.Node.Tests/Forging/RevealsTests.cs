using SecuTicket.Core.Consensus.ProofOfStake;
using SecuTicket.Core.Primitives;
using SecuTicket.Node.Forging;

namespace SecuTicket.Node.Tests.Forging;

/// <summary>Which of a key's hash chains are made: each costs a million hashes.</summary>
public sealed class RevealsTests
{
    private const int Links = 10;

    private readonly List<int> _made = [];
    private readonly Reveals _reveals;

    public RevealsTests() => _reveals = new Reveals(number =>
    {
        _made.Add(number);
        return ChainOf(number);
    });

    [Fact]
    public void Who_has_no_stake_commits_to_the_first_chain_and_no_other_is_made()
    {
        _reveals.CommitmentAfter(Hash256.Zero).Should().Be(ChainOf(0).Commitment);

        _made.Should().Equal(0);
    }

    [Fact]
    public void A_link_of_no_chain_is_looked_for_in_all_of_them_once()
    {
        var foreign = Hash256.Sha256("foreign"u8);

        _reveals.CommitmentAfter(foreign).Should().Be(ChainOf(0).Commitment);
        _reveals.CommitmentAfter(foreign).Should().Be(ChainOf(0).Commitment);
        _reveals.After(foreign).Should().BeNull();

        _made.Should().Equal(Enumerable.Range(0, Reveals.MaxChains));
    }

    [Fact]
    public void After_a_link_of_a_chain_comes_the_commitment_of_the_next()
    {
        var link = ChainOf(2).Commitment;

        _reveals.CommitmentAfter(link).Should().Be(ChainOf(3).Commitment);

        _reveals.After(link).Should().Be((ChainOf(2).Before(link)!.Value, Links - 1));
        _made.Should().Equal(0, 1, 2, 3);
    }

    private static Onion ChainOf(int number) => new(Hash256.Sha256([(byte)number]), Links);
}
