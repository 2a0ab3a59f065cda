using Microsoft.Extensions.Configuration;
using SecuTicket.Api.Hosting;

namespace SecuTicket.Api.Tests.Edge;

public sealed class OwnSettingsTests
{
    [Fact]
    public void A_name_that_a_file_or_the_environment_has_wrong_is_said()
    {
        OwnSettings.Unknown(With(("Node:DataDirektory", "d"), ("Mining:MinPending", "5"), ("mining:MAXWAIT", "00:00:01"), ("Node:Peers:0", "http://127.0.0.1:1"), ("Serilog:Nothing", "1"), ("Other:Name", "1")))
            .Should().ContainSingle().Which.Should().StartWith("Node:DataDirektory is set and not known").And.Contain("DataDirectory");
    }

    [Theory]
    [InlineData("Mining:MaxWait", "5")]
    [InlineData("Mining:MinSpacing", " 10 ")]
    [InlineData("network:bantime", "300")]
    public void A_time_without_a_unit_is_not_taken_for_days(string name, string text) =>
        OwnSettings.WithoutUnit(With((name, text))).Should().ContainEquivalentOf(name).And.Contain($"is '{text.Trim()}'").And.Contain("hours:minutes:seconds").And.EndWith(".");

    [Theory]
    [InlineData("Mining:MaxWait", "00:00:05")]
    [InlineData("Mining:MaxWait", "1.00:00:00")]
    [InlineData("Mining:MinPending", "5")]
    [InlineData("Mining:MaxWait", "")]
    [InlineData("Other:MaxWait", "5")]
    public void What_has_a_unit_or_needs_none_is_left_to_the_options(string name, string text) => OwnSettings.WithoutUnit(With((name, text))).Should().BeNull();

    private static IConfiguration With(params (string Name, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(static setting => KeyValuePair.Create(setting.Name, (string?)setting.Value))).Build();
}
