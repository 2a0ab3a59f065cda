using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Api.Limits;

/// <summary>Reads a body that is a JSON object and no transaction, as strictly as one: fields that are missing, unknown or wrong are refused by name.</summary>
public static class ObjectBody
{
    /// <summary>Reads the body of a request and its fields.</summary>
    /// <typeparam name="T">What the fields say.</typeparam>
    /// <param name="request">The request.</param>
    /// <param name="rule">What body the route reads; an optional one that was left out reads as an empty object.</param>
    /// <param name="read">Reads every field that may be there.</param>
    public static ValueTask<Verdict<T>> ReadAsync<T>(HttpRequest request, BodyRule rule, Func<FieldReader, T> read)
        where T : notnull => ReadAsync(request, rule, read, static utf8 => CanonicalJson.Parse(utf8));

    /// <summary>As <see cref="ReadAsync{T}(HttpRequest, BodyRule, Func{FieldReader, T})"/>, of a body that holds what somebody says of themselves: any JSON, with fractions too.</summary>
    public static ValueTask<Verdict<T>> ReadPersonalAsync<T>(HttpRequest request, BodyRule rule, Func<FieldReader, T> read)
        where T : notnull => ReadAsync(request, rule, read, CanonicalJson.ParseAny);

    /// <summary>Accepts a body that says nothing: none at all, or an empty object.</summary>
    public static async ValueTask<Verdict> ReadNothingAsync(HttpRequest request, LimitOptions limits) =>
        (await ReadAsync(request, limits.OptionalJson, static _ => true)).Refusal is { } refusal ? refusal : Verdict.Accepted;

    /// <summary>Reads the fields of a body that was read before.</summary>
    /// <typeparam name="T">What the fields say.</typeparam>
    /// <param name="body">The body; empty when it was optional and left out.</param>
    /// <param name="read">Reads every field that may be there.</param>
    /// <param name="maxSize">The most bytes of JSON, where the route takes more than usual.</param>
    public static Verdict<T> Read<T>(RequestBody body, Func<FieldReader, T> read, int maxSize = CanonicalJson.MaxSize)
        where T : notnull => Read(body, read, utf8 => CanonicalJson.Parse(utf8, maxSize));

    private static async ValueTask<Verdict<T>> ReadAsync<T>(HttpRequest request, BodyRule rule, Func<FieldReader, T> read, Func<ReadOnlySpan<byte>, Verdict<JsonValue>> parse)
        where T : notnull
    {
        if (!(await BodyReader.ReadAsync(request, rule, request.HttpContext.RequestAborted)).TryGet(out var body, out var refusal)) return refusal;

        using (body) return Read(body, read, parse);
    }

    private static Verdict<T> Read<T>(RequestBody body, Func<FieldReader, T> read, Func<ReadOnlySpan<byte>, Verdict<JsonValue>> parse)
        where T : notnull
    {
        var utf8 = body.Memory.Span;
        if (!parse(utf8.IsEmpty ? "{}"u8 : utf8).TryGet(out var json, out var refusal)) return refusal;
        if (json.Kind != JsonKind.Object) return new Refusal(RefusalCodes.MalformedJson, "The body must be a JSON object.");

        var fields = FieldReader.Of(json);
        var said = read(fields);
        return fields.Finish() is { } fault ? fault : said;
    }
}
