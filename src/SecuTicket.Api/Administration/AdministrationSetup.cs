namespace SecuTicket.Api.Administration;

/// <summary>Composes what guards the administrative routes.</summary>
public static class AdministrationSetup
{
    /// <summary>The setting that holds the admin key.</summary>
    public const string AdminKeySetting = "Node:AdminKey";

    /// <summary>Registers the <see cref="AdminGuard"/> that <see cref="AdminOnlyAttribute"/> asks.</summary>
    public static IServiceCollection AddAdministration(this IServiceCollection services) => services.AddSingleton(static provider => new AdminGuard(
        provider.GetRequiredService<IConfiguration>()[AdminKeySetting],
        provider.GetRequiredService<IHostEnvironment>().IsDevelopment()));
}
