using System.Diagnostics.CodeAnalysis;

namespace SecuTicket.Core.Primitives;

/// <summary>Whose fault a refusal is, and whether asking again can help.</summary>
public enum RefusalKind
{
    /// <summary>The sender's fault, for ever: the same bytes will be refused again.</summary>
    Invalid,

    /// <summary>Not now: too early, or something it needs has not been seen yet. The same bytes may be accepted later.</summary>
    Transient,
}

/// <summary>Why something was refused: a stable code for programs and a sentence for people.</summary>
/// <param name="Code">Stable snake_case code, part of the HTTP contract.</param>
/// <param name="Detail">What was found, what was expected, and what to do about it.</param>
/// <param name="Kind">Whether the same bytes may be accepted later.</param>
/// <param name="Field">The payload field at fault, as a path such as <c>resale.max_price_percent</c>; null when no single field is.</param>
public sealed record Refusal(string Code, string Detail, RefusalKind Kind = RefusalKind.Invalid, string? Field = null)
{
    /// <summary>Every field at fault, where more than one can be known at once; empty when <see cref="Field"/> says all.</summary>
    public IReadOnlyList<FieldFault> Faults { get; init; } = [];
}

/// <summary>One field that is missing, unknown or wrong.</summary>
/// <param name="Field">Its path, such as <c>sessions[2].date</c>.</param>
/// <param name="Message">What was found and what was expected.</param>
public sealed record FieldFault(string Field, string Message);

/// <summary>The outcome of a check. <c>default</c> is <em>not</em> accepted: a forgotten check refuses.</summary>
public readonly struct Verdict
{
    private static readonly Refusal Unchecked = new("unchecked", "Nothing was checked, so nothing is accepted.");
    private readonly Refusal? _refusal;

    private Verdict(bool accepted, Refusal? refusal)
    {
        IsAccepted = accepted;
        _refusal = refusal;
    }

    /// <summary>The check passed.</summary>
    public static Verdict Accepted => new(true, null);

    /// <summary>True only when something was checked and passed.</summary>
    [MemberNotNullWhen(false, nameof(Refusal))]
    public bool IsAccepted { get; }

    /// <summary>Why not; null exactly when <see cref="IsAccepted"/>.</summary>
    public Refusal? Refusal => IsAccepted ? null : _refusal ?? Unchecked;

    /// <summary>A refusal is a verdict.</summary>
    public static implicit operator Verdict(Refusal refusal) => new(false, refusal);

    /// <inheritdoc/>
    public override string ToString() => IsAccepted ? "accepted" : $"{Refusal!.Code}: {Refusal.Detail}";
}

/// <summary>A value, or why there is none. <c>default</c> is a refusal.</summary>
/// <typeparam name="T">What an accepted check yields.</typeparam>
public readonly struct Verdict<T>
    where T : notnull
{
    private readonly T? _value;
    private readonly Verdict _verdict;

    private Verdict(T? value, Verdict verdict)
    {
        _value = value;
        _verdict = verdict;
    }

    /// <summary>True only when there is a value.</summary>
    [MemberNotNullWhen(false, nameof(Refusal))]
    public bool IsAccepted => _verdict.IsAccepted;

    /// <summary>Why there is no value; null exactly when <see cref="IsAccepted"/>.</summary>
    public Refusal? Refusal => _verdict.Refusal;

    /// <summary>The value. Asking a refusal for its value is a bug.</summary>
    /// <exception cref="InvalidOperationException">The verdict is a refusal.</exception>
    public T Value => IsAccepted ? _value! : throw new InvalidOperationException($"No value: {_verdict}");

    /// <summary>A value is an accepted verdict.</summary>
    public static implicit operator Verdict<T>(T value) => new(value, Verdict.Accepted);

    /// <summary>A refusal is a verdict.</summary>
    public static implicit operator Verdict<T>(Refusal refusal) => new(default, refusal);

    /// <summary>The value when there is one, without an exception when there is not.</summary>
    public bool TryGet([MaybeNullWhen(false)] out T value, [NotNullWhen(false)] out Refusal? refusal)
    {
        value = _value;
        refusal = _verdict.Refusal;
        return _verdict.IsAccepted;
    }

    /// <inheritdoc/>
    public override string ToString() => IsAccepted ? $"accepted: {_value}" : _verdict.ToString();
}
