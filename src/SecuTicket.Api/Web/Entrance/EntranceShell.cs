using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace SecuTicket.Api.Web.Entrance;

/// <summary>What a gate's device keeps of its page, so that the page opens without a network: every file with its hash, and one version for all of them.</summary>
/// <remarks>
/// The page and its modules name files by plain paths, as a module cannot know the fingerprint of another. That they fit together is seen to by the service worker: its text begins with
/// this list, so whatever changes makes another worker, which takes over only when it has all files, each with the hash that the list says, and the page of the same version.
/// </remarks>
/// <param name="host">Where the files are.</param>
public sealed class EntranceShell(IWebHostEnvironment host)
{
    /// <summary>The page; the service worker has this scope and no more.</summary>
    public const string Page = "/entrance";

    /// <summary>Where the service worker is.</summary>
    public const string Route = "/entrance/worker";

    private const string WorkerFile = "entrance/worker.js";

    private static readonly string[] Folders = ["entrance", "web/js/entrance"];

    /// <summary>What the page shares with others.</summary>
    internal static readonly string[] Shared =
    [
        "web/css/tokens.css", "web/css/base.css", "web/css/entrance.css", "web/icon.svg", "web/js/assertion.js", "web/js/base45.js", "web/js/elements.js", "web/js/gatecode.js", "web/js/keccak.js",
        "web/js/language.js", "web/js/ledger.js", "web/js/signature.js", "web/js/words.js",
    ];

    private static readonly string[] Kinds = [".css", ".js", ".svg", ".webmanifest"];

    private Shell? _read;

    /// <summary>Names what the files and the pages are now: 32 hex digits.</summary>
    public string Version => Now.Version;

    /// <summary>The service worker.</summary>
    public string Script => Now.Script;

    // While somebody works on the files they change; else they are those that the process came with.
    private Shell Now => host.IsDevelopment() ? Read() : _read ??= Read();

    private Shell Read()
    {
        var paths = Folders.SelectMany(folder => host.WebRootFileProvider.GetDirectoryContents(folder).Select(file => $"{folder}/{file.Name}"))
            .Where(static path => Kinds.Contains(Path.GetExtension(path)) && path != WorkerFile)
            .Concat(Shared)
            .Order(StringComparer.Ordinal);
        var files = paths.ToDictionary(static path => $"/{path}", path => $"sha256-{Convert.ToBase64String(SHA256.HashData(BytesOf(path)))}");
        var worker = Encoding.UTF8.GetString(BytesOf(WorkerFile));
        var version = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', [.. files.Select(static file => $"{file.Key} {file.Value}"), worker, .. Built()])))[..16]);
        var list = JsonSerializer.Serialize(new { version, files, languages = WebPages.Languages, page = Page });
        return new Shell(version, $"self.SHELL = {list};\n{worker}");
    }

    // What pages are made of, words included: a compiler gives each its own number.
    private static IEnumerable<string> Built()
    {
        var own = typeof(EntranceShell).Assembly;
        yield return own.ManifestModule.ModuleVersionId.ToString();
        foreach (var language in WebPages.Languages.Skip(1)) yield return own.GetSatelliteAssembly(CultureInfo.GetCultureInfo(language)).ManifestModule.ModuleVersionId.ToString();
    }

    private byte[] BytesOf(string path)
    {
        using var file = host.WebRootFileProvider.GetFileInfo(path).CreateReadStream();
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }

    private sealed record Shell(string Version, string Script);
}

/// <summary>Serves the service worker.</summary>
public static class EntranceShellEndpoint
{
    /// <summary>Maps it. A worker below the page's path must be allowed to have the page itself in its scope (W3C Service Workers, section 3.4).</summary>
    public static void MapEntranceShell(this IEndpointRouteBuilder routes) =>
        routes.MapGet(EntranceShell.Route, static (EntranceShell shell, HttpResponse answer) =>
        {
            answer.Headers["Service-Worker-Allowed"] = EntranceShell.Page;
            answer.Headers.CacheControl = "no-cache";
            return Results.Text(shell.Script, "text/javascript", Encoding.UTF8);
        }).ExcludeFromDescription();
}
