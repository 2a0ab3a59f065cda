namespace SecuTicket.Api.Web.Sale;

/// <summary>How seats are drawn: shapes differ, not only colours (WCAG 2.2, 1.4.1). The same as in <c>web/js/sale/drawing.js</c>.</summary>
public static class SeatLegend
{
    // Full, with a hole, a frame.
    private static readonly string[] Free = ["M-9-9h18v18h-18z", "M-9-9h18v18h-18zM-4-4h8v8h-8z", "M-9-9h18v18h-18zM-7-7h14v14h-14z"];

    /// <summary>States, SVG paths around the origin, and of free seats their prices where these are few enough to be drawn each in its own way.</summary>
    public static IEnumerable<(string State, string Shape, long? Price)> Of(SeatArea area)
    {
        var prices = area.Seats.Select(static seat => seat.FacePrice).Distinct().OrderDescending().Take(Free.Length + 1).ToArray();
        if (prices.Length > Free.Length) yield return ("free", Free[0], null);
        else for (var level = 0; level < prices.Length; level++) yield return ("free", Free[level], prices[level]);

        yield return ("offered", "M0-11 11 0 0 11-11 0z", null);
        yield return ("taken", "M-6-6 6 6M-6 6 6-6", null);
        yield return ("mine", "M-9 0a9 9 0 1 0 18 0a9 9 0 1 0-18 0zM-5 0-1 4 5-4", null);
    }
}
