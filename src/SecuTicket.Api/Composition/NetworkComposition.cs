using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;
using SecuTicket.Api.Hosting;
using SecuTicket.Api.Nodes;
using SecuTicket.Api.Peers;
using SecuTicket.Node.Peers;

namespace SecuTicket.Api.Composition;

/// <summary>Composes the node's place among others.</summary>
public static class NetworkComposition
{
    /// <summary>Registers what calls peers and what answers them. After the node, so that it starts later and stops earlier.</summary>
    public static IServiceCollection AddNetwork(this IServiceCollection services)
    {
        services.AddOptions<NetworkOptions>().BindConfiguration(NetworkOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(static provider => provider.GetRequiredService<IOptions<NetworkOptions>>().Value.ToSettings(
            provider.GetRequiredService<IHostEnvironment>().IsDevelopment(), provider.GetRequiredService<IOptions<NodeOptions>>().Value.AllowPrivatePeers));
        services.AddSingleton(Client);
        services.AddSingleton<PeerPlaces>();
        services.AddSingleton<Registrations>();
        services.AddSingleton<NetworkHost>();
        services.AddHostedService(static provider => provider.GetRequiredService<NetworkHost>());
        return services.AddSingleton(static provider => provider.GetRequiredService<NetworkHost>().Network);
    }

    private static PeerClient Client(IServiceProvider provider)
    {
        var options = provider.GetRequiredService<IOptions<NodeOptions>>().Value;
        var guard = new AddressGuard(options.AllowPrivatePeers ?? provider.GetRequiredService<IHostEnvironment>().IsDevelopment());
        return new PeerClient(guard, Dns.GetHostAddressesAsync, new PeerClientSettings { TrustedRoots = Roots(options.PeerCertificates) }, provider.GetRequiredService<TimeProvider>());
    }

    private static X509Certificate2Collection? Roots(string? file)
    {
        if (file is null) return null;

        return PeerTrust.ReadRoots(file).TryGet(out var roots, out var refusal) ? roots : throw new StartupRefusedException($"Node:PeerCertificates: {refusal.Detail}", ExitCode.Misconfigured);
    }
}
