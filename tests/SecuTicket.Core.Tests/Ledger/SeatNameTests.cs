using SecuTicket.Core.Ledger;

namespace SecuTicket.Core.Tests.Ledger;

public sealed class SeatNameTests
{
    [Theory]
    [InlineData("A")]
    [InlineData("Block 42 Row 7 Seat 13")]
    [InlineData("12345678901234567890123456789012")]
    public void A_name_is_the_characters_it_was_given(string name)
    {
        var seat = SeatName.Of(name);

        seat.ToString().Should().Be(name);
        seat.Ascii.SequenceEqual(System.Text.Encoding.ASCII.GetBytes(name)).Should().BeTrue();
        (seat == SeatName.Of(name)).Should().BeTrue();
        seat.GetHashCode().Should().Be(SeatName.Of(name).GetHashCode());
    }

    [Fact]
    public void Names_that_begin_alike_are_different_names()
    {
        (SeatName.Of("A-1") != SeatName.Of("A-10")).Should().BeTrue();
        SeatName.Of("A-1").Equals((object)"A-1").Should().BeFalse();
    }

    [Theory]
    [InlineData("")]
    [InlineData("123456789012345678901234567890123")]
    [InlineData("Sitz Ä")]
    public void What_no_transaction_can_name_is_no_name(string name)
    {
        var read = () => SeatName.Of(name);
        read.Should().Throw<InvalidDataException>();
    }
}
