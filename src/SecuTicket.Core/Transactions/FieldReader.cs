#pragma warning disable CA1720 // Integer is a word of JSON schemas.

using System.Globalization;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Transactions;

/// <summary>Reads the fields of one JSON object and notes everything that is missing, unknown or wrong, so that a client learns all of it at once.</summary>
/// <remarks>A faulty field reads as some harmless value of its type: nothing read may be used before <see cref="Finish"/> found nothing.</remarks>
public sealed class FieldReader
{
    private const int MostHexDigits = 2 * Hash256.Size;
    private const int FirstMembers = 64;

    // One of the two at most.
    private readonly JsonValue? _tree;
    private readonly FlatObject? _flat;
    private readonly FoundAddress _known;
    private readonly bool[]? _asked;
    private readonly string _prefix;
    private readonly FieldFaults _faults;
    private readonly bool _ignoresOthers;

    // A bit for each of the first members that was asked for; the others are in the array.
    private ulong _askedFirst;

    private FieldReader(JsonValue tree, string prefix, FieldFaults faults, bool ignoresOthers)
    {
        _tree = tree.Kind == JsonKind.Object ? tree : null;
        if (_tree?.Members.Count > FirstMembers) _asked = new bool[_tree.Members.Count - FirstMembers];
        _prefix = prefix;
        _faults = faults;
        _ignoresOthers = ignoresOthers;
    }

    private FieldReader(FlatObject flat, FoundAddress known)
    {
        (_flat, _known) = (flat, known);
        (_prefix, _faults) = (string.Empty, new FieldFaults());
    }

    /// <summary>Reads this object; any other value is a fault.</summary>
    /// <param name="value">The object.</param>
    /// <param name="ignoresOthers">Whether fields that nobody reads are left alone instead of refused, here and in objects within: for what a later version may add to.</param>
    public static FieldReader Of(JsonValue value, bool ignoresOthers = false)
    {
        var faults = new FieldFaults();
        if (value.Kind != JsonKind.Object) faults.Refuse(new Refusal(RefusalCodes.InvalidField, "Expected a JSON object."));
        return new FieldReader(value, string.Empty, faults, ignoresOthers);
    }

    /// <summary>Reads this object, without a tree of it.</summary>
    /// <param name="value">The object.</param>
    /// <param name="known">An address that was read there already, if one was.</param>
    internal static FieldReader Of(FlatObject value, FoundAddress known = default) => new(value, known);

    /// <summary>Nothing when all fields read so far are right and no other field is there, or such are ignored.</summary>
    public Refusal? Finish()
    {
        RefuseOthers();
        return _faults.ToRefusal();
    }

    /// <summary>The faults found so far, of which there is one at least, when nothing can be said about fields not read.</summary>
    public Refusal FinishEarly() => _faults.ToRefusal() ?? throw new InvalidOperationException("No field was refused.");

    /// <summary>Whether a field is there, whatever it is.</summary>
    public bool Has(string name) => Take(name) is not null;

    /// <summary>Notes a fault that the caller found.</summary>
    public void Refuse(string name, string message) => _faults.Add(RefusalCodes.InvalidField, _prefix + name, message);

    /// <summary>A string.</summary>
    public string Text(string name, int minimum, int maximum, Func<char, bool> allowed, string expected) =>
        Required(name) is { } value ? Text(value, name, minimum, maximum, allowed, expected) : string.Empty;

    /// <summary>A string that is likely one of some: of those it is the same object, so that nothing is made anew.</summary>
    internal string Text(string name, int minimum, int maximum, Func<char, bool> allowed, string expected, scoped ReadOnlySpan<string?> likely)
    {
        if (Required(name) is not { } value) return string.Empty;

        foreach (var text in likely)
            if (text is not null && value.IsText(text)) return text;

        return Text(value, name, minimum, maximum, allowed, expected);
    }

    /// <summary>A string that must be right and is not kept.</summary>
    internal void CheckText(string name, int minimum, int maximum, Func<char, bool> allowed, string expected)
    {
        if (Required(name) is { } value && !value.IsPlain(minimum, maximum, allowed)) Text(value, name, minimum, maximum, allowed, expected);
    }

    /// <summary>A string that may be left out.</summary>
    public string? OptionalText(string name, int minimum, int maximum, Func<char, bool> allowed, string expected) =>
        Take(name) is { } value ? Text(value, name, minimum, maximum, allowed, expected) : null;

    /// <summary>An integer.</summary>
    public long Integer(string name, long minimum, long maximum) => Required(name) is { } value ? Integer(value, name, minimum, maximum) : minimum;

    /// <summary>An integer that may be left out.</summary>
    public long? OptionalInteger(string name, long minimum, long maximum) => Take(name) is { } value ? Integer(value, name, minimum, maximum) : null;

    /// <summary>A moment in unix seconds, from 0 to <see cref="Operation.MaxMoment"/>.</summary>
    public long? OptionalMoment(string name) => OptionalInteger(name, 0, Operation.MaxMoment);

    /// <summary>An address: <c>0x</c> and 40 hex digits, all lower case or with a right EIP-55 checksum.</summary>
    public Address Account(string name) => Required(name) is { } value ? Account(value, name) : default;

    /// <summary>An address that may be left out.</summary>
    public Address? OptionalAccount(string name) => Take(name) is { } value ? Account(value, name) : null;

    /// <summary>Different addresses, which may be left out.</summary>
    public EquatableArray<Address>? OptionalAccounts(string name, int maximum)
    {
        if (Items(Take(name), name, 0, maximum) is not { } items) return null;

        var accounts = items.Select((item, i) => Account(new FoundField(item), $"{name}[{i}]")).ToArray();
        if (accounts.Distinct().Count() != accounts.Length) Refuse(name, "An address stands here twice.");
        return new EquatableArray<Address>(accounts);
    }

    /// <summary>A ticket's id: 32 lower-case hex digits.</summary>
    public TicketId Ticket(string name)
    {
        if (Required(name) is not { } value) return default;
        if (TicketId.TryParse(value.Read(stackalloc char[MostHexDigits]), out var id)) return id;

        Refuse(name, "Expected 32 lower-case hex digits.");
        return default;
    }

    /// <summary>An event's id: 32 lower-case hex digits.</summary>
    public EventId Event(string name)
    {
        if (Required(name) is not { } value) return default;
        if (EventId.TryParse(value.Read(stackalloc char[MostHexDigits]), out var id)) return id;

        Refuse(name, "Expected 32 lower-case hex digits.");
        return default;
    }

    /// <summary>One of a few words, which may be left out.</summary>
    public TEnum? OptionalWord<TEnum>(string name, params ReadOnlySpan<(string Word, TEnum Meaning)> words)
        where TEnum : struct, Enum
    {
        if (Take(name) is not { } value) return null;

        var text = value.Tree is { Kind: JsonKind.String, Text: var found } ? found : null;
        foreach (var (word, meaning) in words)
            if (word == text) return meaning;

        var expected = new List<string>();
        foreach (var (word, _) in words) expected.Add(word);
        Refuse(name, $"Expected one of: {string.Join(", ", expected)}.");
        return null;
    }

    /// <summary>64 lower-case hex digits.</summary>
    public Hash256 Hash(string name) => Required(name) is { } value ? Hash(value, name) ?? default : default;

    /// <summary>64 lower-case hex digits, which may be left out.</summary>
    public Hash256? OptionalHash(string name) => Take(name) is { } value ? Hash(value, name) : null;

    private Hash256? Hash(in FoundField value, string name)
    {
        if (Hash256.TryParse(value.Read(stackalloc char[MostHexDigits]), out var hash)) return hash;

        Refuse(name, "Expected 64 lower-case hex digits.");
        return null;
    }

    /// <summary>Any JSON value.</summary>
    public JsonValue Any(string name) => Required(name) is { } value ? value.Tree : JsonValue.Null;

    /// <summary>Any JSON object, which may be left out.</summary>
    public JsonValue? OptionalAnyObject(string name)
    {
        if (Take(name) is not { } value) return null;
        if (value.Tree.Kind == JsonKind.Object) return value.Tree;

        Refuse(name, "Expected a JSON object.");
        return null;
    }

    /// <summary><c>true</c> or <c>false</c>.</summary>
    public bool Flag(string name)
    {
        if (Required(name) is not { } value) return false;
        if (value.Tree.Kind is not (JsonKind.True or JsonKind.False)) Refuse(name, "Expected true or false.");
        return value.Tree.Kind == JsonKind.True;
    }

    /// <summary>An array of objects.</summary>
    public IReadOnlyList<T> Objects<T>(string name, int minimum, int maximum, Func<FieldReader, T> read)
    {
        if (Items(Required(name), name, minimum, maximum) is not { } items) return [];

        return [.. items.Select((item, i) => Nested(item, $"{name}[{i}]", read))];
    }

    /// <summary>An array of strings.</summary>
    public IReadOnlyList<string> Texts(string name, int minimum, int maximum, int minimumLength, int maximumLength, Func<char, bool> allowed, string expected)
    {
        if (Items(Required(name), name, minimum, maximum) is not { } items) return [];

        return [.. items.Select((item, i) => Text(new FoundField(item), $"{name}[{i}]", minimumLength, maximumLength, allowed, expected))];
    }

    /// <summary>An object.</summary>
    public T? Object<T>(string name, Func<FieldReader, T> read) => Required(name) is { } value ? Nested(value.Tree, name, read) : default;

    /// <summary>An object that may be left out.</summary>
    public T? OptionalObject<T>(string name, Func<FieldReader, T> read)
        where T : class => Take(name) is { } value ? Nested(value.Tree, name, read) : null;

    private T Nested<T>(JsonValue value, string name, Func<FieldReader, T> read)
    {
        var isObject = value.Kind == JsonKind.Object;
        if (!isObject) Refuse(name, "Expected a JSON object.");
        // What is no object lacks every field; that it is none says it all.
        var reader = new FieldReader(value, $"{_prefix}{name}.", isObject ? _faults : new FieldFaults(), _ignoresOthers);
        var result = read(reader);
        reader.RefuseOthers();
        return result;
    }

    private void RefuseOthers()
    {
        if (_ignoresOthers) return;

        for (var i = 0; i < (_flat?.Count ?? _tree?.Members.Count ?? 0); i++)
            if (!IsAsked(i)) _faults.Add(RefusalCodes.UnknownField, _prefix + (_flat is null ? _tree!.Members[i].Name : _flat.NameOf(i)), "This field is not known here.");
    }

    private bool IsAsked(int index) => index < FirstMembers ? (_askedFirst >> index & 1) != 0 : _asked![index - FirstMembers];

    private FoundField? Take(string name)
    {
        var index = _flat?.IndexOf(name) ?? _tree?.IndexOf(name) ?? -1;
        if (index < 0) return null;

        if (index < FirstMembers) _askedFirst |= 1UL << index;
        else _asked![index - FirstMembers] = true;
        return _flat is null ? new FoundField(_tree!.MemberArray[index].Value) : new FoundField(_flat, index);
    }

    private FoundField? Required(string name)
    {
        var value = Take(name);
        if (value is null) _faults.Add(RefusalCodes.MissingField, _prefix + name, "This field is required.");
        return value;
    }

    private string Text(in FoundField value, string name, int minimum, int maximum, Func<char, bool> allowed, string expected)
    {
        if (value.Text is { } text && Length(text) is var length && length >= minimum && length <= maximum && IsOf(text, allowed)) return text;

        Refuse(name, string.Create(CultureInfo.InvariantCulture, $"Expected a string of {minimum} to {maximum} {expected}."));
        return string.Empty;
    }

    private static bool IsOf(string text, Func<char, bool> allowed)
    {
        foreach (var character in text)
            if (!allowed(character)) return false;

        return true;
    }

    // Characters are code points: what a person counts as one sign is then at most one, whatever plane it is on.
    private static int Length(string text)
    {
        var length = text.Length;
        foreach (var character in text)
            if (char.IsLowSurrogate(character)) length--;

        return length;
    }

    private long Integer(in FoundField value, string name, long minimum, long maximum)
    {
        if (value.Integer is { } integer && integer >= minimum && integer <= maximum) return integer;

        Refuse(name, string.Create(CultureInfo.InvariantCulture, $"Expected an integer from {minimum} to {maximum}."));
        return minimum;
    }

    private Address Account(in FoundField value, string name)
    {
        if (value.TryReadAddress(_known, out var address)) return address;

        Refuse(name, "Expected 0x and 40 hex digits, all lower case or with a right EIP-55 checksum.");
        return default;
    }

    private IReadOnlyList<JsonValue>? Items(FoundField? value, string name, int minimum, int maximum)
    {
        if (value is null) return null;
        if (value.Value.Tree is { Kind: JsonKind.Array, Items: var items } && items.Count >= minimum && items.Count <= maximum) return items;

        Refuse(name, string.Create(CultureInfo.InvariantCulture, $"Expected an array of {minimum} to {maximum} items."));
        return null;
    }
}
