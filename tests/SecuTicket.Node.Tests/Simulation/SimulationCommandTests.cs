using SecuTicket.Simulation;

namespace SecuTicket.Node.Tests.Simulation;

public sealed class SimulationCommandTests
{
    [Theory]
    [InlineData("--stake")]
    [InlineData("--engine", "stake")]
    [InlineData("--seeds", "many")]
    [InlineData("--nodes", "2")]
    public void What_is_not_understood_runs_nothing_else_instead(params string[] arguments)
    {
        using var output = new StringWriter();

        SimulationCommand.Run(arguments, output).Should().Be(2);
        output.ToString().Should().StartWith(SimulationCommand.Usage[..20]);
    }
}
