namespace SecuTicket.Cli.Tests.Commands;

public class MomentTextTests
{
    [Theory]
    [InlineData("1813082400", 1813082400)]
    [InlineData("2027-06-15", 1813017600)]
    [InlineData("2027-06-15 18:00", 1813082400)]
    [InlineData("2027-06-15T18:00Z", 1813082400)]
    [InlineData("2027-06-15T20:00+02:00", 1813082400)]
    [InlineData("2027-06-15 20:00:30+02:00", 1813082430)]
    public void Moments_are_read_as_people_write_them(string text, long expected) => MomentText.Parse(text).Value.Should().Be(expected);

    [Theory]
    [InlineData("soon")]
    [InlineData("-5")]
    [InlineData("2027-02-30")]
    [InlineData("15.06.2027")]
    [InlineData("99999999999999999")]
    [InlineData("1960-01-01")]
    public void What_is_no_moment_is_refused(string text) => MomentText.Parse(text).Refusal!.Code.Should().Be(FailureCodes.Usage);

    [Fact]
    public void Moments_are_shown_in_UTC() => MomentText.Of(1813082400).Should().Be("2027-06-15 18:00:00 UTC");
}
