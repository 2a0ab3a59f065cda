using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SecuTicket.Node.Certificates;

/// <summary>The folder of an operator's trust anchors: certificates in <c>*.pem</c>, <c>*.crt</c>, <c>*.cer</c> and revocation lists in <c>*.crl</c>, each PEM or DER. Thread-safe.</summary>
/// <remarks>
/// Looked at again at most once in <see cref="LookEvery"/> and read again when a name, a size or a time of change in it differs. Only who finds it due looks;
/// others meanwhile get what was read last. A missing folder means that nothing is trusted.
/// </remarks>
/// <param name="path">The folder.</param>
/// <param name="clock">Tells the time.</param>
/// <param name="warn">Told, once for each state of the folder, which file is of no use and why.</param>
public sealed class TrustFolder(string path, TimeProvider clock, Action<string> warn)
{
    /// <summary>How often the folder is looked at, at the most.</summary>
    public static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    /// <summary>Most files that are read.</summary>
    public const int MaxFiles = 256;

    /// <summary>Most bytes of one file.</summary>
    public const int MaxFileBytes = 8 * 1024 * 1024;

    /// <summary>Most bytes of all of them.</summary>
    public const int MaxBytes = 64 * 1024 * 1024;

    private const string ListLabel = "X509 CRL";
    private const string CertificateLabel = "CERTIFICATE";

    private readonly Lock _looking = new();
    private State _state = new([], TrustAnchors.None, DateTimeOffset.MinValue);

    /// <summary>What the folder holds.</summary>
    public TrustAnchors Current()
    {
        var state = Volatile.Read(ref _state);
        if (!IsDue(state) || !_looking.TryEnter()) return state.Anchors;

        try
        {
            return IsDue(_state) ? Look().Anchors : _state.Anchors;
        }
        finally
        {
            _looking.Exit();
        }
    }

    // Either way: a clock may be set back.
    private bool IsDue(State state) => (clock.GetUtcNow() - state.LookedAt).Duration() >= LookEvery;

    private State Look()
    {
        var now = clock.GetUtcNow();
        Seen[] files;
        try
        {
            files = Directory.Exists(path) ? [.. new DirectoryInfo(path).EnumerateFiles().Where(IsOurs).Select(Seen.Of).OrderBy(file => file.Name, StringComparer.Ordinal)] : [];
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            warn($"The folder of trust anchors '{path}' can not be listed ({fault.Message}): what was read of it last still counts.");
            files = _state.Files;
        }

        var next = files.AsSpan().SequenceEqual(_state.Files) ? _state with { LookedAt = now } : new State(files, Read(files), now);
        Volatile.Write(ref _state, next);
        return next;
    }

    private TrustAnchors Read(Seen[] files)
    {
        var roots = new List<X509Certificate2>();
        var lists = new List<RevocationList>();
        var unreadable = new List<string>();
        var left = (long)MaxBytes;
        for (var i = 0; i < files.Length; i++)
        {
            var file = files[i];
            var why = i >= MaxFiles ? $"more than {MaxFiles} files are not read"
                : file.Length > MaxFileBytes ? $"it has {file.Length} bytes, at most {MaxFileBytes} are read"
                : (left -= file.Length) < 0 ? $"all files have more than {MaxBytes} bytes"
                : Read(Path.Combine(path, file.Name), file.IsList, roots, lists);
            if (why is null) continue;

            warn($"'{Path.Combine(path, file.Name)}' is not used as a trust anchor: {why}.");
            if (file.IsList) unreadable.Add(file.Name);
        }

        return new TrustAnchors(roots, lists, unreadable);
    }

    private static string? Read(string file, bool isList, List<X509Certificate2> roots, List<RevocationList> lists)
    {
        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (stream.Length > MaxFileBytes) return "it grew beyond what is read";

            var content = new byte[stream.Length];
            stream.ReadExactly(content);
            var blocks = BlocksOf(content, isList ? ListLabel : CertificateLabel);
            return isList ? ReadLists(blocks, lists) : ReadRoots(blocks, roots);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return $"it can not be read ({fault.Message.TrimEnd('.')})";
        }
    }

    private static string? ReadRoots(List<byte[]> blocks, List<X509Certificate2> roots)
    {
        string? why = blocks.Count == 0 ? "there is no certificate in it" : null;
        foreach (var der in blocks)
        {
            var certificate = X509CertificateLoader.LoadCertificate(der);
            if (certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData)) roots.Add(certificate);
            else why = $"«{certificate.GetNameInfo(X509NameType.SimpleName, false)}» in it is no root: intermediates come with the organiser's chain";
        }

        return why;
    }

    private static string? ReadLists(List<byte[]> blocks, List<RevocationList> lists)
    {
        if (blocks.Count == 0) return "there is no revocation list in it";

        string? why = null;
        foreach (var der in blocks)
        {
            if (RevocationList.Parse(der) is { } list) lists.Add(list);
            else why = "it holds no revocation list of RFC 5280";
        }

        return why;
    }

    // DER begins with a SEQUENCE; PEM is text.
    private static List<byte[]> BlocksOf(byte[] content, string label)
    {
        if (content is [0x30, ..]) return [content];

        var blocks = new List<byte[]>();
        var rest = System.Text.Encoding.Latin1.GetString(content).AsSpan();
        while (PemEncoding.TryFind(rest, out var fields))
        {
            if (rest[fields.Label].SequenceEqual(label)) blocks.Add(Convert.FromBase64String(rest[fields.Base64Data].ToString()));
            rest = rest[fields.Location.End..];
        }

        return blocks;
    }

    private static bool IsOurs(FileInfo file) => file.Extension.ToLowerInvariant() is ".pem" or ".crt" or ".cer" or ".crl";

    private sealed record State(Seen[] Files, TrustAnchors Anchors, DateTimeOffset LookedAt);

    private readonly record struct Seen(string Name, long Length, DateTime ChangedAt)
    {
        public bool IsList => Name.EndsWith(".crl", StringComparison.OrdinalIgnoreCase);

        // Of what a link leads to: a folder of links whose targets are swapped is a usual way to hand out certificates.
        public static Seen Of(FileInfo file)
        {
            var target = file.ResolveLinkTarget(returnFinalTarget: true) ?? file;
            return target is FileInfo { Exists: true } found ? new Seen(file.Name, found.Length, found.LastWriteTimeUtc) : new Seen(file.Name, 0, default);
        }
    }
}
