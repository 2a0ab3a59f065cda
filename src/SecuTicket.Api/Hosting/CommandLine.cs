using SecuTicket.Core.Primitives;
using static SecuTicket.Api.Hosting.OwnSettings;

namespace SecuTicket.Api.Hosting;

/// <summary>Reads the command line before anything is started: a mistyped option must not start a node that ignores it.</summary>
public static class CommandLine
{
    /// <summary>The setting that <c>--demo</c> turns on.</summary>
    public const string DemoSetting = "demo";

    private const string Prefix = "--";

    // Those of the host itself, as its documentation names them.
    private static readonly string[] HostSettings =
    [
        "urls", "http_ports", "https_ports", "environment", "contentRoot", "applicationName", "webroot", "AllowedHosts", "detailedErrors", "shutdownTimeoutSeconds",
        "suppressStatusMessages", "preferHostingUrls", "preventHostingStartup", "hostingStartupAssemblies", "hostingStartupExcludeAssemblies", "captureStartupErrors",
    ];

    // Read by others, who say themselves what they do not understand.
    private static readonly string[] OpenSections = ["Serilog", "Kestrel"];

    /// <summary>The arguments as the host's configuration reads them, each <c>--name=value</c>.</summary>
    /// <param name="arguments">As typed: <c>--name=value</c>, <c>--name value</c>, and <c>--demo</c>.</param>
    /// <returns>The arguments, or <c>invalid_field</c>: a sentence that names the first wrong one.</returns>
    public static Verdict<string[]> Read(IReadOnlyList<string> arguments)
    {
        var read = new List<string>();
        for (var i = 0; i < arguments.Count; i++)
        {
            var argument = arguments[i];
            if (!argument.StartsWith(Prefix, StringComparison.Ordinal)) return Wrong($"'{argument}' is no option: options are written --name=value");

            var equals = argument.IndexOf('=', StringComparison.Ordinal);
            var name = argument[Prefix.Length..(equals < 0 ? argument.Length : equals)];
            if (Misnamed(name, isEmpty: equals == argument.Length - 1) is { } mistake) return Wrong(mistake);

            if (Is(name, DemoSetting) && equals >= 0 && argument[(equals + 1)..] is not ("true" or "false")) return Wrong($"--{DemoSetting} takes no value");
            if (equals >= 0) read.Add(argument);
            else if (name.Equals(DemoSetting, StringComparison.OrdinalIgnoreCase)) read.Add($"{argument}=true");
            else if (i + 1 < arguments.Count && !arguments[i + 1].StartsWith(Prefix, StringComparison.Ordinal)) read.Add($"{argument}={arguments[++i]}");
            else return Wrong($"the option {argument} needs a value: {argument}=…");
        }

        return read.ToArray();
    }

    /// <summary>Whether <c>--demo</c> was given.</summary>
    public static bool AsksForDemo(IConfiguration configuration) => configuration[DemoSetting] is { } text && Is(text, "true");

    private static string? Misnamed(string name, bool isEmpty)
    {
        if (Is(name, DemoSetting) || HostSettings.Any(known => Is(name, known))) return null;

        var parts = name.Split(':');
        if (OpenSections.Any(section => Is(parts[0], section))) return null;
        if (SectionNames.FirstOrDefault(section => Is(parts[0], section)) is not { } own)
            return $"the option --{name} is not known; known are --{DemoSetting}, {string.Join(", ", HostSettings.Take(1).Select(known => $"--{known}"))} and those of {string.Join(", ", SectionNames)}, such as --Node:DataDirectory=…";

        var settings = Of(own);
        var setting = parts.Length == 1 ? null : settings.FirstOrDefault(setting => Is(parts[1], setting.Name));
        var depth = setting is null ? 1 : setting.PropertyType == typeof(List<string>) ? 3 : 2;

        // Nothing where settings are below is how a test host says that there are some.
        var isKnown = setting is null ? parts.Length == 1 && isEmpty : parts.Length == depth || (parts.Length < depth && isEmpty);
        return isKnown ? null : $"the option --{name} is not known; section {own} has {string.Join(", ", settings.Select(setting => setting.Name))}";
    }

    private static Refusal Wrong(string what) => new(RefusalCodes.InvalidField, $"The command line is wrong: {what}.");
}
