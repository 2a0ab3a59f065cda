using System.Reflection;
using SecuTicket.Api.Composition;
using SecuTicket.Api.Limits;

namespace SecuTicket.Api.Hosting;

/// <summary>The settings that a node has, by name: what the command line takes, and what settings files and environment variables may say.</summary>
public static class OwnSettings
{
    private static readonly (string Name, Type Options)[] Sections =
    [
        (NodeOptions.Section, typeof(NodeOptions)), (MiningOptions.Section, typeof(MiningOptions)), (LimitOptions.Section, typeof(LimitOptions)), (GateOptions.Section, typeof(GateOptions)),
        (NetworkOptions.Section, typeof(NetworkOptions)),
    ];

    /// <summary>The names of the sections.</summary>
    public static IEnumerable<string> SectionNames => Sections.Select(static section => section.Name);

    /// <summary>The settings of a section.</summary>
    /// <param name="section">Its name, in any case.</param>
    /// <returns>None for a name that no section has.</returns>
    public static IReadOnlyList<PropertyInfo> Of(string section) =>
        Array.Find(Sections, known => Is(known.Name, section)).Options is { } options
            ? [.. options.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(static property => property.CanWrite)]
            : [];

    /// <summary>What is set in a section of ours under a name that it has not.</summary>
    /// <returns>A sentence for each.</returns>
    /// <remarks>A warning and no refusal: on the command line a name is somebody's typing, but a file or an environment may be shared with a node of another version.</remarks>
    public static IEnumerable<string> Unknown(IConfiguration configuration) =>
        from section in Sections
        let settings = Of(section.Name)
        from set in configuration.GetSection(section.Name).GetChildren()
        where !settings.Any(setting => Is(setting.Name, set.Key))
        select $"{set.Path} is set and not known, so it does nothing; section {section.Name} has {string.Join(", ", settings.Select(static setting => setting.Name))}.";

    /// <summary>The first time that is written as a number alone.</summary>
    /// <returns>A sentence about it; null when there is none.</returns>
    /// <remarks>The platform reads such a number as days, and who writes one means seconds or minutes.</remarks>
    public static string? WithoutUnit(IConfiguration configuration) =>
        (from section in Sections
         from setting in Of(section.Name)
         where setting.PropertyType == typeof(TimeSpan)
         let path = $"{section.Name}:{setting.Name}"
         let text = configuration[path]?.Trim()
         where text is { Length: > 0 } && text.All(char.IsAsciiDigit)
         select $"The configuration is wrong: {path} is '{text}', expected hours:minutes:seconds, such as 00:10:00, or with days before them, such as 1.00:00:00.").FirstOrDefault();

    internal static bool Is(string name, string known) => name.Equals(known, StringComparison.OrdinalIgnoreCase);
}
