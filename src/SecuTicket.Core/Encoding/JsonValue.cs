#pragma warning disable CA1720 // Integer, String and Object are the words of JSON itself.

namespace SecuTicket.Core.Encoding;

/// <summary>What a <see cref="JsonValue"/> is.</summary>
public enum JsonKind
{
    /// <summary><c>null</c>.</summary>
    Null,

    /// <summary><c>false</c>.</summary>
    False,

    /// <summary><c>true</c>.</summary>
    True,

    /// <summary>A whole number within ±(2^53−1).</summary>
    Integer,

    /// <summary>Any other finite number: only where <see cref="CanonicalJson.ParseAny"/> read it.</summary>
    Number,

    /// <summary>Text without lone surrogates.</summary>
    String,

    /// <summary>Values in order.</summary>
    Array,

    /// <summary>Named values, each name once.</summary>
    Object,
}

/// <summary>One name and value of an object.</summary>
/// <param name="Name">The name, unescaped.</param>
/// <param name="Value">The value.</param>
public readonly record struct JsonMember(string Name, JsonValue Value);

/// <summary>An immutable JSON value that has a canonical form: names unique and sorted, at most <see cref="CanonicalJson.MaxAnyDepth"/> deep. What is signed is less deep and holds no <see cref="JsonKind.Number"/>.</summary>
/// <remarks>
/// What cannot be written canonically cannot be built, so that <see cref="CanonicalJson.Write"/> never fails. Two values are equal exactly
/// when their canonical bytes are.
/// </remarks>
public sealed class JsonValue : IEquatable<JsonValue>
{
    private static readonly JsonValue EmptyArray = new(JsonKind.Array, 0, System.Array.Empty<JsonValue>(), 1);
    private static readonly JsonValue EmptyObject = new(JsonKind.Object, 0, System.Array.Empty<JsonMember>(), 1);

    private readonly long _integer;
    private readonly object? _content;

    private JsonValue(JsonKind kind, long integer, object? content, int depth)
    {
        Kind = kind;
        _integer = integer;
        _content = content;
        Depth = depth;
    }

    /// <summary><c>null</c>.</summary>
    public static JsonValue Null { get; } = new(JsonKind.Null, 0, null, 0);

    /// <summary><c>true</c>.</summary>
    public static JsonValue True { get; } = new(JsonKind.True, 0, null, 0);

    /// <summary><c>false</c>.</summary>
    public static JsonValue False { get; } = new(JsonKind.False, 0, null, 0);

    /// <summary>What this is, and so which of the properties below may be asked for.</summary>
    public JsonKind Kind { get; }

    /// <summary>Objects and arrays within one another, this one counting as 1; 0 for a number, a text or a word.</summary>
    public int Depth { get; }

    /// <summary>The number.</summary>
    /// <exception cref="InvalidOperationException">This is not an <see cref="JsonKind.Integer"/>.</exception>
    public long Integer => Kind == JsonKind.Integer ? _integer : throw NotA(JsonKind.Integer);

    internal double Number => Kind == JsonKind.Number ? BitConverter.Int64BitsToDouble(_integer) : throw NotA(JsonKind.Number);

    /// <summary>The text, unescaped.</summary>
    /// <exception cref="InvalidOperationException">This is not a <see cref="JsonKind.String"/>.</exception>
    public string Text => _content as string ?? throw NotA(JsonKind.String);

    /// <summary>The values of an array, in order.</summary>
    /// <exception cref="InvalidOperationException">This is not an <see cref="JsonKind.Array"/>.</exception>
    public IReadOnlyList<JsonValue> Items => ItemArray;

    /// <summary>The members of an object, sorted by the UTF-16 code units of their names.</summary>
    /// <exception cref="InvalidOperationException">This is not an <see cref="JsonKind.Object"/>.</exception>
    public IReadOnlyList<JsonMember> Members => MemberArray;

    internal JsonValue[] ItemArray => _content as JsonValue[] ?? throw NotA(JsonKind.Array);

    internal JsonMember[] MemberArray => _content as JsonMember[] ?? throw NotA(JsonKind.Object);

    /// <summary>Equal canonical bytes.</summary>
    public static bool operator ==(JsonValue? left, JsonValue? right) => left is null ? right is null : left.Equals(right);

    /// <summary>Other canonical bytes.</summary>
    public static bool operator !=(JsonValue? left, JsonValue? right) => !(left == right);

    /// <summary><c>true</c> or <c>false</c>.</summary>
    public static JsonValue Of(bool value) => value ? True : False;

    /// <summary>A number.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is beyond ±(2^53−1), which not every reader of JSON keeps exactly.</exception>
    public static JsonValue Of(long value)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, CanonicalJson.MaxInteger);
        ArgumentOutOfRangeException.ThrowIfLessThan(value, -CanonicalJson.MaxInteger);
        return new JsonValue(JsonKind.Integer, value, null, 0);
    }

    /// <summary>A text.</summary>
    /// <exception cref="ArgumentException">It holds a lone surrogate, which has no UTF-8 form.</exception>
    public static JsonValue Of(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (HasLoneSurrogate(value)) throw new ArgumentException("The text holds a lone surrogate.", nameof(value));
        return OfWellFormed(value);
    }

    /// <summary>An array of <paramref name="items"/>, in their order.</summary>
    /// <exception cref="ArgumentException">It would be more than <see cref="CanonicalJson.MaxAnyDepth"/> deep.</exception>
    public static JsonValue Array(IEnumerable<JsonValue> items) => OfOwned(items.ToArray());

    /// <summary>An object of <paramref name="members"/>, in any order.</summary>
    /// <exception cref="ArgumentException">A name occurs twice or holds a lone surrogate, or it would be more than <see cref="CanonicalJson.MaxAnyDepth"/> deep.</exception>
    public static JsonValue Object(IEnumerable<JsonMember> members)
    {
        var sorted = members.ToArray();
        foreach (var member in sorted)
        {
            if (HasLoneSurrogate(member.Name)) throw new ArgumentException("A name holds a lone surrogate.", nameof(members));
        }

        var duplicate = Sort(sorted);
        if (duplicate is not null) throw new ArgumentException($"The name \"{duplicate}\" occurs twice.", nameof(members));
        return OfOwned(sorted);
    }

    /// <summary>The value of the member called <paramref name="name"/>, or null when there is none.</summary>
    /// <exception cref="InvalidOperationException">This is not an <see cref="JsonKind.Object"/>.</exception>
    public JsonValue? Find(string name)
    {
        var index = IndexOf(name);
        return index < 0 ? null : MemberArray[index].Value;
    }

    /// <summary>This object with the member <paramref name="name"/> added or replaced.</summary>
    /// <exception cref="InvalidOperationException">This is not an <see cref="JsonKind.Object"/>.</exception>
    /// <exception cref="ArgumentException">The name holds a lone surrogate, or it would be more than <see cref="CanonicalJson.MaxAnyDepth"/> deep.</exception>
    public JsonValue With(string name, JsonValue value)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (HasLoneSurrogate(name)) throw new ArgumentException("The name holds a lone surrogate.", nameof(name));

        var index = IndexOf(name);
        var member = new JsonMember(name, value);
        var members = MemberArray;
        return OfOwned(index >= 0
            ? [.. members.AsSpan(0, index), member, .. members.AsSpan(index + 1)]
            : [.. members.AsSpan(0, ~index), member, .. members.AsSpan(~index)]);
    }

    /// <summary>This object without the member <paramref name="name"/>; itself when there is none.</summary>
    /// <exception cref="InvalidOperationException">This is not an <see cref="JsonKind.Object"/>.</exception>
    public JsonValue Without(string name)
    {
        var index = IndexOf(name);
        if (index < 0) return this;

        var members = MemberArray;
        return OfOwned((JsonMember[])[.. members.AsSpan(0, index), .. members.AsSpan(index + 1)]);
    }

    /// <inheritdoc/>
    public bool Equals(JsonValue? other)
    {
        if (ReferenceEquals(this, other)) return true;
        if (other is null || other.Kind != Kind || other._integer != _integer) return false;
        return Kind switch
        {
            JsonKind.String => Text == other.Text,
            JsonKind.Array => ItemArray.AsSpan().SequenceEqual(other.ItemArray),
            JsonKind.Object => MemberArray.AsSpan().SequenceEqual(other.MemberArray),
            _ => true,
        };
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as JsonValue);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(Kind);
        hash.Add(_integer);
        if (Kind == JsonKind.String) hash.Add(Text);
        else if (Kind == JsonKind.Array) foreach (var item in ItemArray) hash.Add(item);
        else if (Kind == JsonKind.Object) foreach (var member in MemberArray) hash.Add(member);
        return hash.ToHashCode();
    }

    /// <summary>The canonical form as text.</summary>
    public override string ToString() => System.Text.Encoding.UTF8.GetString(CanonicalJson.Write(this));

    /// <summary>A finite number; one that is whole and within ±(2^53−1) is an integer, however it was written.</summary>
    internal static JsonValue OfNumber(double value) =>
        Math.Abs(value) <= CanonicalJson.MaxInteger && double.IsInteger(value) ? Of((long)value) : new JsonValue(JsonKind.Number, BitConverter.DoubleToInt64Bits(value), null, 0);

    /// <summary>A text already known to hold no lone surrogate.</summary>
    internal static JsonValue OfWellFormed(string value) => new(JsonKind.String, 0, value, 0);

    /// <summary>An array that takes over <paramref name="items"/>.</summary>
    internal static JsonValue OfOwned(JsonValue[] items)
    {
        if (items.Length == 0) return EmptyArray;

        var deepest = 0;
        foreach (var item in items) deepest = Math.Max(deepest, item.Depth);
        return new JsonValue(JsonKind.Array, 0, items, Deeper(deepest));
    }

    /// <summary>An object that takes over <paramref name="members"/>, which are sorted and unique.</summary>
    internal static JsonValue OfOwned(JsonMember[] members)
    {
        if (members.Length == 0) return EmptyObject;

        var deepest = 0;
        foreach (var member in members) deepest = Math.Max(deepest, member.Value.Depth);
        return new JsonValue(JsonKind.Object, 0, members, Deeper(deepest));
    }

    /// <summary>Sorts by name; the first name that occurs twice, or null.</summary>
    internal static string? Sort(Span<JsonMember> members)
    {
        var outOfOrder = FirstNotAscending(members);
        if (outOfOrder >= members.Length || members[outOfOrder - 1].Name == members[outOfOrder].Name) return NameAt(members, outOfOrder);

        members.Sort(static (left, right) => string.CompareOrdinal(left.Name, right.Name));
        return NameAt(members, FirstNotAscending(members));
    }

    private static int FirstNotAscending(ReadOnlySpan<JsonMember> members)
    {
        var index = 1;
        while (index < members.Length && string.CompareOrdinal(members[index - 1].Name, members[index].Name) < 0) index++;
        return index;
    }

    private static string? NameAt(ReadOnlySpan<JsonMember> members, int index) => index < members.Length ? members[index].Name : null;

    private static bool HasLoneSurrogate(ReadOnlySpan<char> text)
    {
        for (var i = text.IndexOfAnyInRange('\uD800', '\uDFFF'); i >= 0; i = text.IndexOfAnyInRange('\uD800', '\uDFFF'))
        {
            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1])) return true;
            text = text[(i + 2)..];
        }

        return false;
    }

    private static int Deeper(int depth) => depth < CanonicalJson.MaxAnyDepth
        ? depth + 1
        : throw new ArgumentException($"The value would be more than {CanonicalJson.MaxAnyDepth} deep.");

    /// <summary>Which of the members has this name; less than 0 when none has.</summary>
    internal int IndexOf(string name)
    {
        var members = MemberArray;
        var (low, high) = (0, members.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = string.CompareOrdinal(members[middle].Name, name);
            if (order == 0) return middle;
            if (order < 0) low = middle + 1;
            else high = middle - 1;
        }

        return ~low;
    }

    private InvalidOperationException NotA(JsonKind wanted) => new($"The value is {Kind}, not {wanted}.");
}
