namespace SecuTicket.Api.Hosting;

/// <summary>Where the process is told to listen. ASP.NET Core has four settings for it, of which one counts: endpoints of Kestrel, addresses (<c>urls</c>), ports (<c>http_ports</c>, <c>https_ports</c>, which container images set), or none.</summary>
public static class ListeningAddresses
{
    /// <summary>Where it listens when nothing is said.</summary>
    public const string Default = "http://localhost:5000";

    private static readonly char[] Separators = [';'];

    /// <summary>The addresses that count, as they were written; ports are on all interfaces.</summary>
    /// <param name="configuration">The host's configuration.</param>
    public static IReadOnlyList<string> Of(IConfiguration configuration)
    {
        var endpoints = configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(static endpoint => endpoint["Url"]).OfType<string>().ToArray();
        var hosting = Split(configuration["urls"]) is { Length: > 0 } urls ? urls : [.. OnPorts("http", configuration["http_ports"]), .. OnPorts("https", configuration["https_ports"])];
        if (endpoints.Length > 0 && !(hosting.Length > 0 && configuration.GetValue<bool>("preferHostingUrls"))) return endpoints;

        return hosting.Length > 0 ? hosting : [Default];
    }

    /// <summary>Whether only this machine reaches an address.</summary>
    public static bool IsLoopback(BindingAddress address) =>
        address.IsUnixPipe
        || address.IsNamedPipe
        || address.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (System.Net.IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) && System.Net.IPAddress.IsLoopback(ip));

    private static string[] OnPorts(string scheme, string? ports) => [.. Split(ports).Select(port => $"{scheme}://*:{port}")];

    private static string[] Split(string? texts) => texts?.Split(Separators, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
}
