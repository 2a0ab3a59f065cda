namespace SecuTicket.Api.Tests.Web;

/// <summary>Prices as people write them, and what they are: the same to an organiser's form (<c>Typed</c>) and to a holder's (<c>wallet/forms.js</c>).</summary>
internal static class PriceCases
{
    /// <summary>What is typed, and minor units; null for what is refused.</summary>
    public static readonly (string Typed, long? Price)[] All =
    [
        ("50", 50_00), (" 50.00 ", 50_00), ("5.5", 5_50), ("0,05", 5), ("49,90", 49_90), ("0050", 50_00),
        ("1,000", 1_000_00), ("1.000", 1_000_00), ("12.345", 12_345_00), ("1 250,50", 1_250_50), ("1,250.50", 1_250_50), ("1.250,5", 1_250_50), ("1'250", 1_250_00), ("1\u202f250,5", 1_250_50), ("1.250.000", 1_250_000_00),
        ("90071992547409.91", 90_071_992_547_409_91),
        ("", null), ("'", null), ("-1", null), ("1e3", null), ("+5", null), (".5", null), ("5.", null), ("1.2345", null), ("12,34,56", null), ("0,500", null), ("00,500", null), ("0.000", null), ("1000,000", null),
        ("1.250.50", null), ("1,250,50", null), ("1,250.000", null), ("٣", null), ("90071992547409.92", null), ("99999999999999999999", null), ("100000000000000000000000000000000000000", null),
    ];
}
