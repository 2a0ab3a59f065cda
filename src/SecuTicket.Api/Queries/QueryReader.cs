using System.Globalization;
using SecuTicket.Api.Problems;

namespace SecuTicket.Api.Queries;

/// <summary>Reads a query strictly: a value is what it says or the request is refused; nothing is clamped, trimmed or guessed.</summary>
/// <remarks>
/// Every faulty value is noted, so that one answer names them all. Read what the route knows, then ask <see cref="Problem"/>;
/// parameters a route does not know are left alone.
/// </remarks>
public sealed class QueryReader
{
    /// <summary>Items a page has when the client does not say.</summary>
    public const int DefaultLimit = 100;

    /// <summary>The most items of a page.</summary>
    public const int MaxLimit = 1000;

    private readonly IQueryCollection _query;
    private Dictionary<string, string[]>? _errors;

    /// <summary>Reads a request's query.</summary>
    /// <remarks>Most have none, and then the framework is not asked to take it apart, for which it keeps a state for each request.</remarks>
    public QueryReader(HttpRequest request) => _query = request.QueryString.HasValue ? request.Query : QueryCollection.Empty;

    /// <summary>Reads a value: true when the text is one.</summary>
    /// <typeparam name="T">The value's type.</typeparam>
    public delegate bool TryRead<T>(ReadOnlySpan<char> text, out T value);

    /// <summary>Null when all that was read is well-formed; else <c>invalid_field</c>, naming each faulty value.</summary>
    public ProblemResult? Problem => _errors is null
        ? null
        : new ProblemResult(Problems.Problem.Of("invalid_field", string.Join(" ", _errors.Values.Select(messages => messages[0])), _errors));

    /// <summary><c>limit</c>: 1..1000, 100 when left out.</summary>
    public int Limit() => (int)Number("limit", 1, MaxLimit, DefaultLimit);

    /// <summary>An integer in decimal digits without sign (but minus), leading zeros or white space.</summary>
    /// <param name="name">The parameter.</param>
    /// <param name="min">The least allowed.</param>
    /// <param name="max">The most allowed.</param>
    /// <param name="absent">What it is when left out.</param>
    public long Number(string name, long min, long max, long absent) => Value(
        name,
        (ReadOnlySpan<char> text, out long value) => TryReadInteger(text, out value) && value >= min && value <= max,
        $"an integer of {min}..{max}") ?? absent;

    /// <summary><c>true</c> or <c>false</c>; false when left out.</summary>
    public bool Flag(string name) => Value(
        name,
        static (ReadOnlySpan<char> text, out bool value) =>
        {
            value = text is "true";
            return value || text is "false";
        },
        "true or false") ?? false;

    /// <summary>One of a few words; null when left out.</summary>
    public string? OneOf(string name, params string[] words) =>
        Text(name) is not { } text ? null : Array.IndexOf(words, text) >= 0 ? text : Fault(name, string.Join(", ", words));

    /// <summary>A value with a form of its own, such as an address; null when left out.</summary>
    /// <param name="name">The parameter.</param>
    /// <param name="tryRead">Reads its text.</param>
    /// <param name="expected">What it must be, as the end of a sentence: "32 lower-case hex digits".</param>
    public T? Value<T>(string name, TryRead<T> tryRead, string expected)
        where T : struct
    {
        if (Text(name) is not { } text) return null;
        if (tryRead(text, out var value)) return value;

        Fault(name, expected);
        return null;
    }

    /// <summary>The same, for a value that must be given.</summary>
    public T Required<T>(string name, TryRead<T> tryRead, string expected)
        where T : struct
    {
        if (!_query.ContainsKey(name)) Fault(name, expected);
        return Value(name, tryRead, expected) ?? default;
    }

    private static bool TryReadInteger(ReadOnlySpan<char> text, out long value) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value)
        && text.SequenceEqual(value.ToString(CultureInfo.InvariantCulture));

    private string? Text(string name)
    {
        if (!_query.TryGetValue(name, out var values) || values.Count == 0) return null;
        return values.Count == 1 ? values[0] ?? "" : Fault(name, "given once");
    }

    private string? Fault(string name, string expected)
    {
        _errors ??= new Dictionary<string, string[]>(StringComparer.Ordinal);
        _errors.TryAdd(name, [$"The query value {name} must be {expected}."]);
        return null;
    }
}
