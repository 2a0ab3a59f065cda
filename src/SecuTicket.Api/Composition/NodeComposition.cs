using SecuTicket.Api.Transactions;

namespace SecuTicket.Api.Composition;

/// <summary>Composes the node and what stands between it and the controllers.</summary>
public static class NodeComposition
{
    /// <summary>Registers the node; it is opened when the host starts.</summary>
    public static IServiceCollection AddNode(this IServiceCollection services)
    {
        services.AddOptions<NodeOptions>().BindConfiguration(NodeOptions.Section);
        services.AddOptions<MiningOptions>().BindConfiguration(MiningOptions.Section);
        services.AddSingleton<NodeHost>();
        services.AddHostedService(provider => provider.GetRequiredService<NodeHost>());
        services.AddSingleton(provider => provider.GetRequiredService<NodeHost>().Node);
        services.AddSingleton(provider => provider.GetRequiredService<NodeHost>().Delegations);
        services.AddSingleton<TransactionReader>();
        return services.AddSingleton<TransactionIntake>();
    }
}
