namespace SecuTicket.Api.Tests.Contract;

/// <summary>One open sale for all tests of a class that do not mind what the others did there: opening one costs more than asking it.</summary>
public sealed class OpenSale : IAsyncLifetime
{
    internal WritesScenario Scenario { get; private set; } = null!;

    public async Task InitializeAsync() => Scenario = await WritesScenario.OpenAsync();

    public Task DisposeAsync()
    {
        Scenario.Dispose();
        return Task.CompletedTask;
    }
}
