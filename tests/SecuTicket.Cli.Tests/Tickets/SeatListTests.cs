using SecuTicket.Cli.Tickets;

namespace SecuTicket.Cli.Tests.Tickets;

public class SeatListTests
{
    [Theory]
    [InlineData("A-1..A-3", "A-1,A-2,A-3")]
    [InlineData("B-08..B-11", "B-08,B-09,B-10,B-11")]
    [InlineData("Box, A-1 ,7..8", "Box,A-1,7,8")]
    [InlineData("A-9..A-10", "A-9,A-10")]
    [InlineData("A-5..A-5", "A-5")]
    public void Ranges_and_lists_are_spelt_out(string text, string expected) => SeatList.Parse([text]).Value.Should().Equal(expected.Split(','));

    [Theory]
    [InlineData("", "empty")]
    [InlineData("A-1,,A-2", "empty")]
    [InlineData("A-3..A-1", "backwards")]
    [InlineData("A-1..B-3", "differ")]
    [InlineData("A..C", "no range")]
    [InlineData("A-1..", "no range")]
    [InlineData("A-1..A-2..A-3", "no range")]
    [InlineData("A-1..A-3,A-2", "A-2 stands twice")]
    [InlineData("1..200001", "more than 200000")]
    [InlineData("1..99999999999", "no range")]
    public void What_is_no_list_of_seats_is_refused(string text, string fault)
    {
        SeatList.Parse([text]).TryGet(out _, out var refusal).Should().BeFalse();
        refusal!.Code.Should().Be(FailureCodes.Usage);
        refusal.Detail.Should().Contain(fault);
    }

    [Fact]
    public void As_many_as_the_limit_are_taken() => SeatList.Parse(["1..200000"]).Value.Should().HaveCount(SeatList.MaxSeats);
}
