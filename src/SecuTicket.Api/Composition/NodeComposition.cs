using SecuTicket.Api.Demo;
using SecuTicket.Api.Nodes;
using SecuTicket.Api.SignedRequests;
using SecuTicket.Api.Transactions;

namespace SecuTicket.Api.Composition;

/// <summary>Composes the node and what stands between it and the controllers.</summary>
public static class NodeComposition
{
    /// <summary>Registers the node; it is opened when the host starts.</summary>
    public static IServiceCollection AddNode(this IServiceCollection services)
    {
        services.AddOptions<NodeOptions>().BindConfiguration(NodeOptions.Section).PostConfigure(static options => options.ForgetEmpty()).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<MiningOptions>().BindConfiguration(MiningOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<NodeHost>();
        services.AddHostedService(provider => provider.GetRequiredService<NodeHost>());
        services.AddSingleton(provider => provider.GetRequiredService<NodeHost>().Node);
        services.AddSingleton(provider => provider.GetRequiredService<NodeHost>().Delegations);
        services.AddSingleton(provider => provider.GetRequiredService<NodeHost>().Certificates);
        services.AddSingleton(provider => provider.GetRequiredService<NodeHost>().Contacts);
        services.AddSingleton<TransactionReader>();
        services.AddSingleton<OwnTransactions>();
        services.AddSingleton(provider => provider.GetRequiredService<NodeHost>().Tokens);
        services.AddSingleton<SignedRequestReader>();
        services.AddSingleton<OrganiserRequests>();
        services.AddSingleton<OwnerRequests>();
        services.AddSingleton<OwnAddresses>();
        services.AddSingleton<DemoClient>();
        services.AddSingleton<DemoWalk>();
        services.AddSingleton<DemoSeason>();
        services.AddSingleton<TransactionIntake>();
        return services.AddSingleton<BatchIntake>();
    }
}
