using Microsoft.Playwright;

namespace SecuTicket.Browser.Tests.Site;

/// <summary>What tests of the gate's page have in common: an event of their own, with holders.</summary>
public abstract class GateTests(ChromiumFixture chromium, SiteFixture site) : IAsyncLifetime
{
    /// <summary>Opens pages.</summary>
    protected ChromiumFixture Chromium { get; } = chromium;

    /// <summary>The node.</summary>
    protected SiteFixture Site { get; } = site;

    /// <summary>The event.</summary>
    private protected EntranceWorld World { get; private set; } = null!;

    /// <inheritdoc/>
    public async Task InitializeAsync() => World = await EntranceWorld.MakeAsync((await Site.NodeAsync()).Client);

    /// <inheritdoc/>
    public Task DisposeAsync()
    {
        World.Dispose();
        return Task.CompletedTask;
    }

    /// <summary>Opens the gate's page.</summary>
    /// <param name="page">Where; by default a page of a browser that was never here.</param>
    private protected async Task<EntranceGate> OpenAsync(IPage? page = null) => await EntranceGate.OpenAsync(page ?? await Chromium.NewPageAsync(), await Site.UrlAsync(), World);
}
