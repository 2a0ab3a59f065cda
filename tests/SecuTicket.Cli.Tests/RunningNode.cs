using SecuTicket.Api.Tests.Processes;

namespace SecuTicket.Cli.Tests;

/// <summary>One node for all tests that need one: a process of its own, which seals each transaction at once.</summary>
public sealed class RunningNode : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("secuticket-cli-node-").FullName;
    private NodeUnderTest? _node;

    public string Url => _node!.Url;

    public HttpClient Http => _node!.Client;

    public async Task InitializeAsync() => _node = await NodeUnderTest.StartAsync(_folder, "--Mining:MinPending=1");

    public async Task DisposeAsync()
    {
        await _node!.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}

[CollectionDefinition(Name)]
public sealed class WithNode : ICollectionFixture<RunningNode>
{
    public const string Name = "a running node";
}
