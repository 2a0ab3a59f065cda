using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Transactions;

/// <summary>At which price a holder may resell; each word is kinder to holders than the one before.</summary>
public enum ResaleMode : byte
{
    /// <summary>Not at all.</summary>
    Forbidden,

    /// <summary>At most at face price.</summary>
    FaceValue,

    /// <summary>At most at a percentage of face price.</summary>
    Capped,

    /// <summary>At any price.</summary>
    Free,
}

/// <summary>What the holders of an event's tickets may do with them: part of the event, and so of consensus.</summary>
/// <param name="TransferAllowed">Whether a ticket may be given away.</param>
/// <param name="Mode">At which price it may be resold.</param>
/// <param name="MaxPricePercent">The cap of <see cref="ResaleMode.Capped"/>, percent of face price, 0 to 1,000.</param>
/// <param name="CommissionPercent">What the organiser takes of a resale, percent of the price paid, 0 to 100.</param>
/// <param name="CommissionTo">Who gets the commission; null for the organiser.</param>
/// <param name="Resellers">The only accounts that may list tickets; null for anyone.</param>
/// <param name="MaxResales">How often one ticket may be resold between two sales by the organiser; null for any number.</param>
/// <param name="OpensAt">Unix seconds from which tickets may be listed and bought from holders; null for always.</param>
/// <param name="ClosesAt">Unix seconds until which they may, inclusive; null for always.</param>
/// <param name="RefundPercent">What a returned ticket's holder gets back, percent of face price, 0 to 1,000.</param>
/// <param name="ReturnUntil">Unix seconds until which a ticket may be returned, inclusive; null for always.</param>
public sealed record ResaleRules(
    bool TransferAllowed,
    ResaleMode Mode,
    int MaxPricePercent,
    int CommissionPercent,
    Address? CommissionTo,
    EquatableArray<Address>? Resellers,
    int? MaxResales,
    long? OpensAt,
    long? ClosesAt,
    int RefundPercent,
    long? ReturnUntil)
{
    /// <summary>Largest percentage of a price.</summary>
    public const int MaxPercent = 1_000;

    /// <summary>What holds where the organiser says nothing: gifts allowed, resale at face value, no commission, returns at 100 %.</summary>
    public static ResaleRules Default { get; } = new(true, ResaleMode.FaceValue, 100, 0, null, null, null, null, null, 100, null);

    /// <summary>The highest price at which a ticket may be resold, in minor units, rounded down.</summary>
    /// <param name="facePrice">Its face price.</param>
    public long Cap(long facePrice) => Mode switch
    {
        ResaleMode.Forbidden => -1,
        ResaleMode.FaceValue => facePrice,
        ResaleMode.Capped => Percent(facePrice, MaxPricePercent),
        _ => Operation.MaxAmount,
    };

    /// <summary>The commission on a resale, in minor units, rounded down.</summary>
    /// <param name="price">The price paid.</param>
    public long Commission(long price) => Percent(price, CommissionPercent);

    /// <summary>The refund of a returned ticket, in minor units, rounded down.</summary>
    /// <param name="facePrice">Its face price.</param>
    public long Refund(long facePrice) => Percent(facePrice, RefundPercent);

    /// <summary>Whether <paramref name="account"/> may offer tickets for resale.</summary>
    public bool MayResell(Address account) => Resellers is not { } list || list.Contains(account);

    /// <summary>The field in which <paramref name="next"/> is worse for a holder than these rules; null when it is worse in none.</summary>
    public string? FirstWorse(ResaleRules next) =>
        TransferAllowed && !next.TransferAllowed ? "transfer"
        : next.Mode < Mode ? "resale"
        : next.CapPercent < CapPercent ? "max_price_percent"
        : next.CommissionPercent > CommissionPercent ? "commission_percent"
        : next.Resellers is { } few && !(Resellers is { } before && before.All(few.Contains)) ? "resellers"
        : (next.MaxResales ?? int.MaxValue) < (MaxResales ?? int.MaxValue) ? "max_resales"
        : (next.OpensAt ?? 0) > (OpensAt ?? 0) ? "opens_at"
        : (next.ClosesAt ?? long.MaxValue) < (ClosesAt ?? long.MaxValue) ? "closes_at"
        : next.RefundPercent < RefundPercent ? "return.refund_percent"
        : (next.ReturnUntil ?? long.MaxValue) < (ReturnUntil ?? long.MaxValue) ? "return.until"
        : null;

    internal static ResaleRules Read(FieldReader fields)
    {
        var returns = fields.OptionalObject("return", ReturnRules.Read) ?? new ReturnRules(null, null);
        var resellers = fields.OptionalAccounts("resellers", CreateEvent.MaxAccounts);
        return new ResaleRules(
            fields.OptionalWord("transfer", ("allowed", Word.Yes), ("forbidden", Word.No)) is not Word.No,
            fields.OptionalWord("resale", ("forbidden", ResaleMode.Forbidden), ("face_value", ResaleMode.FaceValue), ("capped", ResaleMode.Capped), ("free", ResaleMode.Free)) ?? Default.Mode,
            (int?)fields.OptionalInteger("max_price_percent", 0, MaxPercent) ?? Default.MaxPricePercent,
            (int?)fields.OptionalInteger("commission_percent", 0, 100) ?? Default.CommissionPercent,
            fields.OptionalAccount("commission_to"),
            resellers is { Count: 0 } ? null : resellers,
            (int?)fields.OptionalInteger("max_resales", 0, int.MaxValue),
            fields.OptionalMoment("opens_at"),
            fields.OptionalMoment("closes_at"),
            returns.RefundPercent ?? Default.RefundPercent,
            returns.Until);
    }

    private int CapPercent => Mode switch { ResaleMode.Forbidden => -1, ResaleMode.FaceValue => 100, ResaleMode.Capped => MaxPricePercent, _ => int.MaxValue };

    // At most 2^53 · 1000 < 2^63: the product can not overflow.
    private static long Percent(long amount, int percent) => amount * percent / 100;

    private enum Word : byte
    {
        No,
        Yes,
    }

    private sealed record ReturnRules(int? RefundPercent, long? Until)
    {
        public static ReturnRules Read(FieldReader fields) => new((int?)fields.OptionalInteger("refund_percent", 0, MaxPercent), fields.OptionalMoment("until"));
    }
}
