using Microsoft.Extensions.Options;
using SecuTicket.Api.Gate;
using SecuTicket.Node.Gates;

namespace SecuTicket.Api.Composition;

/// <summary>Composes what gates need.</summary>
public static class GateComposition
{
    /// <summary>Registers judging, codes, rosters, receipts and pairings. After the node.</summary>
    public static IServiceCollection AddGates(this IServiceCollection services)
    {
        services.AddOptions<GateOptions>().BindConfiguration(GateOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<GateOptions>>().Value.ToSettings());
        services.AddSingleton(provider => provider.GetRequiredService<NodeHost>().Receipts);
        services.AddSingleton(provider => new GatePairings(provider.GetRequiredService<GateSettings>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<Rosters>();
        services.AddSingleton<GateReports>();
        services.AddSingleton<OnlineGate>();
        services.AddSingleton<GateCodeMaker>();
        return services.AddSingleton<ReceiptIntake>();
    }
}
