using SecuTicket.Core.Encoding;

namespace SecuTicket.Core.Transactions;

/// <summary>The sender writes a few data of its own on the chain; the ledger keeps them and gives them no meaning.</summary>
/// <param name="Data">Any JSON, at most 4 KiB in canonical form.</param>
public sealed record Record(JsonValue Data) : Operation
{
    /// <summary>The payload's <c>type</c> of this operation.</summary>
    public const string TypeName = "record";

    /// <summary>Most bytes of the data's canonical form.</summary>
    public const int MaxDataSize = 4_096;

    /// <inheritdoc/>
    public override string Type => TypeName;

    internal static Record Read(FieldReader fields) => new(ReadData(fields));

    private static JsonValue ReadData(FieldReader fields)
    {
        var data = fields.Any("data");
        var size = CanonicalJson.Write(data).Length;
        if (size > MaxDataSize) fields.Refuse("data", $"Expected at most {MaxDataSize} bytes in canonical form, found {size}.");
        return data;
    }
}
