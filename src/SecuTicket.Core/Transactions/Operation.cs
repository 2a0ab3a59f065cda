
namespace SecuTicket.Core.Transactions;

/// <summary>What a transaction wishes to happen: the payload's fields beside the common ones.</summary>
public abstract record Operation
{
    /// <summary>Largest amount of money, price or supply: 2^53 − 1 minor units, the largest integer that every JSON reader keeps exact.</summary>
    public const long MaxAmount = (1L << 53) - 1;

    /// <summary>The latest moment, in unix seconds: as milliseconds it is below 2^53.</summary>
    public const long MaxMoment = MaxAmount / 1000;

    /// <summary>Most characters of a payment or sale reference.</summary>
    public const int MaxReferenceLength = 64;

    private protected Operation()
    {
    }

    /// <summary>The payload's <c>type</c>.</summary>
    public abstract string Type { get; }

    internal static bool IsPrintable(char character) => !char.IsControl(character);

    internal static string ReadReference(FieldReader fields) => fields.Text("reference", 1, MaxReferenceLength, IsPrintable, "characters without control characters");

    internal static string? ReadOptionalReference(FieldReader fields) =>
        fields.OptionalText("reference", 1, MaxReferenceLength, IsPrintable, "characters without control characters");
}
