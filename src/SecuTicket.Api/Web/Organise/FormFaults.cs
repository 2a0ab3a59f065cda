namespace SecuTicket.Api.Web.Organise;

/// <summary>What is wrong with a form, by the names that the HTTP contract gives its fields.</summary>
public sealed class FormFaults
{
    private readonly Dictionary<string, string> _byField = new(StringComparer.Ordinal);

    /// <summary>What is wrong with a field; null when nothing is.</summary>
    /// <param name="field">Such as <c>sessions[0].date</c>.</param>
    public string? this[string field] => _byField.GetValueOrDefault(field);

    /// <summary>Fields that are wrong.</summary>
    public int Count => _byField.Count;

    /// <summary>Notes what is wrong with a field; the first fault stays.</summary>
    public void Add(string field, string sentence) => _byField.TryAdd(field, sentence);

    /// <summary>Notes what the node found, by the same names.</summary>
    public void Add(Outcome refused)
    {
        foreach (var (field, sentences) in refused.Errors ?? []) Add(field, string.Join(' ', sentences));
    }

    /// <summary>Forgets what is wrong with a field: it was typed anew.</summary>
    public void Remove(string field) => _byField.Remove(field);

    /// <summary>Forgets all.</summary>
    public void Clear() => _byField.Clear();
}
