namespace SecuTicket.Api.Hosting;

/// <summary>What the process prints once it accepts connections: where everything is.</summary>
/// <param name="DataDirectory">Full path of the node's data.</param>
/// <param name="ChainId">The chain this node is on.</param>
/// <param name="Peers">Addresses of nodes that the settings name.</param>
/// <param name="Warnings">What the operator must know, one sentence each.</param>
public sealed record StartupBanner(string DataDirectory, string ChainId, IReadOnlyList<string> Peers, IReadOnlyList<string> Warnings)
{
    /// <summary>Writes it: a line for the API, for the site and for Swagger, the data, the chain and the peers, then the warnings.</summary>
    /// <param name="output">Standard output.</param>
    /// <param name="urls">The addresses listened on.</param>
    public async Task WriteAsync(TextWriter output, IEnumerable<string> urls)
    {
        var reachable = urls.Select(Reachable).Distinct(StringComparer.Ordinal).ToArray();
        await output.WriteLineAsync("SecuTicket is running. Ctrl+C stops it.");
        foreach (var url in reachable)
        {
            await output.WriteLineAsync($"  API      {url}");
            await output.WriteLineAsync($"  Site     {url}/");
            await output.WriteLineAsync($"  Swagger  {url}/swagger");
        }

        await output.WriteLineAsync($"  Data     {DataDirectory}");
        await output.WriteLineAsync($"  Chain    {ChainId}");
        foreach (var peer in Peers) await output.WriteLineAsync($"  Peer     {peer}");
        foreach (var warning in Warnings) await output.WriteLineAsync($"  Warning: {warning}");
        await output.FlushAsync();
    }

    /// <summary>A wildcard address is no address to click on.</summary>
    internal static string Reachable(string url)
    {
        var address = BindingAddress.Parse(url);
        return address.Host is "0.0.0.0" or "[::]" or "*" or "+" ? $"{address.Scheme}://localhost:{address.Port}" : url.TrimEnd('/');
    }
}
