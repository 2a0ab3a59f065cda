using SecuTicket.Api.Tests.Processes;

namespace SecuTicket.Browser.Tests.Site;

/// <summary>One node for all tests of the site, started by the first that asks: it seals whatever waits at once, and pages reach it as localhost, where browsers allow passkeys.</summary>
public sealed class SiteFixture : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("secuticket-site-").FullName;
    private NodeUnderTest? _node;

    /// <summary>The node.</summary>
    internal async Task<NodeUnderTest> NodeAsync() => _node ??= await NodeUnderTest.StartAsync(_folder, "--Mining:MinPending=1");

    /// <summary>Its address, for browsers.</summary>
    public async Task<string> UrlAsync() => (await NodeAsync()).Url.Replace("127.0.0.1", "localhost", StringComparison.Ordinal);

    /// <inheritdoc/>
    public Task InitializeAsync() => Task.CompletedTask;

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        if (_node is not null) await _node.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
