#pragma warning disable CA1720 // Integer is a word of JSON schemas.

using System.Globalization;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Transactions;

/// <summary>Reads the fields of one JSON object and notes everything that is missing, unknown or wrong, so that a client learns all of it at once.</summary>
/// <remarks>A faulty field reads as some harmless value of its type: nothing read may be used before <see cref="Finish"/> found nothing.</remarks>
public sealed class FieldReader
{
    private readonly IReadOnlyList<JsonMember> _members;
    private readonly JsonValue _object;
    private readonly string _prefix;
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);
    private readonly FaultList _faults;
    private readonly bool _ignoresOthers;

    private FieldReader(JsonValue value, string prefix, FaultList faults, bool ignoresOthers)
    {
        _object = value;
        _members = value.Kind == JsonKind.Object ? value.Members : [];
        _prefix = prefix;
        _faults = faults;
        _ignoresOthers = ignoresOthers;
    }

    /// <summary>Reads this object; any other value is a fault.</summary>
    /// <param name="value">The object.</param>
    /// <param name="ignoresOthers">Whether fields that nobody reads are left alone instead of refused, here and in objects within: for what a later version may add to.</param>
    public static FieldReader Of(JsonValue value, bool ignoresOthers = false)
    {
        var faults = new FaultList();
        if (value.Kind != JsonKind.Object) faults.Refuse(new Refusal(RefusalCodes.InvalidField, "Expected a JSON object."));
        return new FieldReader(value, string.Empty, faults, ignoresOthers);
    }

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

    /// <summary>A string that may be left out.</summary>
    public string? OptionalText(string name, int minimum, int maximum, Func<char, bool> allowed, string expected) =>
        Take(name) is { } value ? Text(value, name, minimum, maximum, allowed, expected) : null;

    /// <summary>An integer.</summary>
    public long Integer(string name, long minimum, long maximum) => Required(name) is { } value ? Integer(value, name, minimum, maximum) : minimum;

    /// <summary>An integer that may be left out.</summary>
    public long? OptionalInteger(string name, long minimum, long maximum) => Take(name) is { } value ? Integer(value, name, minimum, maximum) : null;

    /// <summary>A moment in unix seconds.</summary>
    public long? OptionalMoment(string name) => OptionalInteger(name, 0, CanonicalJson.MaxInteger / 1000);

    /// <summary>An address: <c>0x</c> and 40 hex digits, all lower case or with a right EIP-55 checksum.</summary>
    public Address Account(string name) => Required(name) is { } value ? Account(value, name) : default;

    /// <summary>An address that may be left out.</summary>
    public Address? OptionalAccount(string name) => Take(name) is { } value ? Account(value, name) : null;

    /// <summary>Different addresses, which may be left out.</summary>
    public EquatableArray<Address>? OptionalAccounts(string name, int maximum)
    {
        if (Items(Take(name), name, 0, maximum) is not { } items) return null;

        var accounts = items.Select((item, i) => Account(item, $"{name}[{i}]")).ToArray();
        if (accounts.Distinct().Count() != accounts.Length) Refuse(name, "An address stands here twice.");
        return new EquatableArray<Address>(accounts);
    }

    /// <summary>A ticket's id: 32 lower-case hex digits.</summary>
    public TicketId Ticket(string name)
    {
        if (Required(name) is not { } value) return default;
        if (value.Kind == JsonKind.String && TicketId.TryParse(value.Text, out var id)) return id;

        Refuse(name, "Expected 32 lower-case hex digits.");
        return default;
    }

    /// <summary>An event's id: 32 lower-case hex digits.</summary>
    public EventId Event(string name)
    {
        if (Required(name) is not { } value) return default;
        if (value.Kind == JsonKind.String && EventId.TryParse(value.Text, out var id)) return id;

        Refuse(name, "Expected 32 lower-case hex digits.");
        return default;
    }

    /// <summary>One of a few words, which may be left out.</summary>
    public TEnum? OptionalWord<TEnum>(string name, params ReadOnlySpan<(string Word, TEnum Meaning)> words)
        where TEnum : struct, Enum
    {
        if (Take(name) is not { } value) return null;

        if (value.Kind == JsonKind.String)
        {
            foreach (var (word, meaning) in words)
                if (word == value.Text) return meaning;
        }

        var expected = new List<string>();
        foreach (var (word, _) in words) expected.Add(word);
        Refuse(name, $"Expected one of: {string.Join(", ", expected)}.");
        return null;
    }

    /// <summary>64 lower-case hex digits, which may be left out.</summary>
    public Hash256? OptionalHash(string name)
    {
        if (Take(name) is not { } value) return null;
        if (value.Kind == JsonKind.String && Hash256.TryParse(value.Text, out var hash)) return hash;

        Refuse(name, "Expected 64 lower-case hex digits.");
        return null;
    }

    /// <summary>Any JSON value.</summary>
    public JsonValue Any(string name) => Required(name) ?? JsonValue.Null;

    /// <summary>Any JSON object, which may be left out.</summary>
    public JsonValue? OptionalAnyObject(string name)
    {
        if (Take(name) is not { } value) return null;
        if (value.Kind == JsonKind.Object) return value;

        Refuse(name, "Expected a JSON object.");
        return null;
    }

    /// <summary><c>true</c> or <c>false</c>.</summary>
    public bool Flag(string name)
    {
        var value = Required(name);
        if (value is not null && value.Kind is not (JsonKind.True or JsonKind.False)) Refuse(name, "Expected true or false.");
        return value?.Kind == JsonKind.True;
    }

    /// <summary>An array of objects.</summary>
    public IReadOnlyList<T> Objects<T>(string name, int minimum, int maximum, Func<FieldReader, T> read)
    {
        if (Items(Required(name), name, minimum, maximum) is not { } items) return [];

        return [.. items.Select((item, i) => Nested(item, $"{name}[{i}]", read))];
    }

    /// <summary>An array of strings.</summary>
    public IReadOnlyList<string> Texts(string name, int minimum, int maximum, int maximumLength, Func<char, bool> allowed, string expected)
    {
        if (Items(Required(name), name, minimum, maximum) is not { } items) return [];

        return [.. items.Select((item, i) => Text(item, $"{name}[{i}]", 1, maximumLength, allowed, expected))];
    }

    /// <summary>An object.</summary>
    public T? Object<T>(string name, Func<FieldReader, T> read) => Required(name) is { } value ? Nested(value, name, read) : default;

    /// <summary>An object that may be left out.</summary>
    public T? OptionalObject<T>(string name, Func<FieldReader, T> read)
        where T : class => Take(name) is { } value ? Nested(value, name, read) : null;

    private T Nested<T>(JsonValue value, string name, Func<FieldReader, T> read)
    {
        var isObject = value.Kind == JsonKind.Object;
        if (!isObject) Refuse(name, "Expected a JSON object.");
        // What is no object lacks every field; that it is none says it all.
        var reader = new FieldReader(value, $"{_prefix}{name}.", isObject ? _faults : new FaultList(), _ignoresOthers);
        var result = read(reader);
        reader.RefuseOthers();
        return result;
    }

    private void RefuseOthers()
    {
        if (_ignoresOthers) return;

        foreach (var member in _members)
            if (!_asked.Contains(member.Name)) _faults.Add(RefusalCodes.UnknownField, _prefix + member.Name, "This field is not known here.");
    }

    private JsonValue? Take(string name)
    {
        _asked.Add(name);
        return _object.Kind == JsonKind.Object ? _object.Find(name) : null;
    }

    private JsonValue? Required(string name)
    {
        var value = Take(name);
        if (value is null) _faults.Add(RefusalCodes.MissingField, _prefix + name, "This field is required.");
        return value;
    }

    private string Text(JsonValue value, string name, int minimum, int maximum, Func<char, bool> allowed, string expected)
    {
        if (value.Kind == JsonKind.String && Length(value.Text) is var length && length >= minimum && length <= maximum && value.Text.All(allowed)) return value.Text;

        Refuse(name, string.Create(CultureInfo.InvariantCulture, $"Expected a string of {minimum} to {maximum} {expected}."));
        return string.Empty;
    }

    // Characters are code points: what a person counts as one sign is then at most one, whatever plane it is on.
    private static int Length(string text) => text.Length - text.Count(char.IsLowSurrogate);

    private long Integer(JsonValue value, string name, long minimum, long maximum)
    {
        if (value.Kind == JsonKind.Integer && value.Integer >= minimum && value.Integer <= maximum) return value.Integer;

        Refuse(name, string.Create(CultureInfo.InvariantCulture, $"Expected an integer from {minimum} to {maximum}."));
        return minimum;
    }

    private Address Account(JsonValue value, string name)
    {
        if (value.Kind == JsonKind.String && Address.TryParse(value.Text, out var address)) return address;

        Refuse(name, "Expected 0x and 40 hex digits, all lower case or with a right EIP-55 checksum.");
        return default;
    }

    private IReadOnlyList<JsonValue>? Items(JsonValue? value, string name, int minimum, int maximum)
    {
        if (value is null) return null;
        if (value.Kind == JsonKind.Array && value.Items.Count >= minimum && value.Items.Count <= maximum) return value.Items;

        Refuse(name, string.Create(CultureInfo.InvariantCulture, $"Expected an array of {minimum} to {maximum} items."));
        return null;
    }

    private sealed class FaultList
    {
        // What one answer lists at most: a hostile body must not make a long answer.
        private const int Maximum = 20;
        private readonly List<(string Code, FieldFault Fault)> _items = [];
        private Refusal? _whole;

        /// <summary>Refuses the object as a whole: then its fields do not matter.</summary>
        public void Refuse(Refusal refusal) => _whole = refusal;

        public void Add(string code, string field, string message)
        {
            if (_items.Count < Maximum) _items.Add((code, new FieldFault(field, message)));
        }

        public Refusal? ToRefusal()
        {
            if (_whole is not null || _items.Count == 0) return _whole;

            var (code, first) = _items.Find(item => item.Code == RefusalCodes.MissingField) is { Code: not null } missing ? missing : _items[0];
            var names = string.Join(", ", _items.Where(item => item.Code == code).Select(item => item.Fault.Field));
            var detail = code switch
            {
                RefusalCodes.MissingField => $"Missing: {names}.",
                RefusalCodes.UnknownField => $"Not known here: {names}.",
                _ => $"{first.Field}: {first.Message}",
            };
            return new Refusal(code, detail, Field: first.Field) { Faults = [.. _items.Select(item => item.Fault)] };
        }
    }
}
