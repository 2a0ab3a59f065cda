using System.Text.Json;

namespace SecuTicket.Core.Tests.Vectors;

/// <summary>The vectors of an independent implementation of DESIGN.md section 3 and API.md.</summary>
public static class TestVectors
{
    private static readonly JsonDocument Document = Load("vectors.json");

    /// <summary>The whole document.</summary>
    public static JsonElement Root => Document.RootElement;

    /// <summary>Assertions of passkeys, and codes of theirs.</summary>
    public static JsonElement Webauthn { get; } = Load("webauthn.json").RootElement;

    /// <summary>Signatures of Project Wycheproof: <c>key</c>, <c>digest</c> and <c>signature</c> in hex, <c>valid</c>.</summary>
    public static JsonElement.ArrayEnumerator Wycheproof => Load("wycheproof_p256.json").RootElement.GetProperty("vectors").EnumerateArray();

    /// <summary>The string at a path of names (<c>keys</c>) and indexes (<c>0</c>), such as <c>Text("keys", 0, "address")</c>.</summary>
    public static string Text(params object[] path) => At(path).GetString()!;

    /// <summary>The element at a path of names and indexes.</summary>
    public static JsonElement At(params object[] path) =>
        path.Aggregate(Root, static (element, step) => step is int index ? element[index] : element.GetProperty((string)step));

    private static JsonDocument Load(string name)
    {
        using var stream = typeof(TestVectors).Assembly.GetManifestResourceStream($"SecuTicket.Core.Tests.Vectors.{name}")!;
        return JsonDocument.Parse(stream);
    }
}
