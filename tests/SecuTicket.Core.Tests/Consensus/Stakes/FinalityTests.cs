namespace SecuTicket.Core.Tests.Consensus.Stakes;

/// <summary>Which blocks are justified and final, and what follows from it.</summary>
public class FinalityTests
{
    private readonly StakeChain _chain = new();

    [Fact]
    public void With_all_votes_a_block_is_final_when_two_more_have_come()
    {
        _chain.Grows(1);
        _chain.Grows(1, "anna", "bert", "carl");
        _chain.Round.Justified.Index.Should().Be(1);
        _chain.Round.Final.Index.Should().Be(0);

        _chain.Grows(1, "anna", "bert", "carl");

        _chain.Round.Justified.Index.Should().Be(2);
        _chain.Round.Final.Index.Should().Be(1);
    }

    [Fact]
    public void Two_thirds_are_not_enough()
    {
        _chain.Grows(1);
        _chain.Grows(3, "anna", "bert");

        _chain.Round.Justified.Index.Should().Be(0);
        _chain.Accepts(_chain.Block([_chain.Vote("anna"), _chain.Vote("bert"), _chain.Vote("carl")]));
        _chain.Round.Justified.Index.Should().Be(4);
    }

    [Fact]
    public void Tables_change_at_the_ends_of_epochs_whose_tables_are_final()
    {
        _chain.Grows(1);
        _chain.Grows(20, "anna", "bert", "carl");

        _chain.Stakes.Tables.Present.Since.Should().Be(16);
        _chain.Stakes.Tables.Previous.Since.Should().Be(12);
        _chain.Stakes.Tables.Next.Since.Should().Be(20);
    }
}
