using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Transactions;

/// <summary>What is wrong with the fields of an object.</summary>
internal sealed class FieldFaults
{
    // What one answer lists at most: a hostile body must not make a long answer.
    private const int Maximum = 20;
    private List<(string Code, FieldFault Fault)>? _items;
    private Refusal? _whole;

    /// <summary>Refuses the object as a whole: then its fields do not matter.</summary>
    public void Refuse(Refusal refusal) => _whole = refusal;

    /// <summary>Notes what is wrong with a field.</summary>
    public void Add(string code, string field, string message)
    {
        _items ??= [];
        if (_items.Count < Maximum) _items.Add((code, new FieldFault(field, message)));
    }

    /// <summary>All of it; null when there is nothing.</summary>
    public Refusal? ToRefusal()
    {
        if (_whole is not null || _items is null) return _whole;

        // A name that is not known here mostly stands for the one that is missing, or for all that is wrong.
        var (code, first) = _items.Find(static item => item.Code == RefusalCodes.MissingField) is { Code: not null } missing ? missing
            : _items.Find(static item => item.Code == RefusalCodes.UnknownField) is { Code: not null } unknown ? unknown
            : _items[0];
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
