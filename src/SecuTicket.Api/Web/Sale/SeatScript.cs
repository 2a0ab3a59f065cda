using System.Text;
using System.Text.Json;

namespace SecuTicket.Api.Web.Sale;

/// <summary>Tells the script of a seat map which seats there are: names, columns and face prices by line, and how they stand.</summary>
public static class SeatScript
{
    /// <summary>Writes an area as JSON without any <c>&lt;</c>, so that it can stand in a page.</summary>
    public static string Write(SeatArea area, SeatStates states)
    {
        using var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("lines");
            foreach (var line in area.Lines) Write(writer, line);
            writer.WriteEndArray();
            writer.WritePropertyName("now");
            writer.WriteRawValue(states.Json.Span, skipInputValidation: true);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(json.ToArray());
    }

    private static void Write(Utf8JsonWriter writer, SeatLine line)
    {
        writer.WriteStartObject();
        writer.WriteString("row", line.Row);
        writer.WriteStartArray("seats");
        foreach (var seat in line.Seats) writer.WriteStringValue(seat.Name);
        writer.WriteEndArray();
        if (line.Seats[^1].Column != line.Seats.Count - 1)
        {
            writer.WriteStartArray("columns");
            foreach (var seat in line.Seats) writer.WriteNumberValue(seat.Column);
            writer.WriteEndArray();
        }

        // One price and how many seats have it, again and again: mostly a row has one price.
        writer.WriteStartArray("prices");
        for (var i = 0; i < line.Seats.Count;)
        {
            var (price, first) = (line.Seats[i].FacePrice, i);
            while (i < line.Seats.Count && line.Seats[i].FacePrice == price) i++;
            writer.WriteNumberValue(price);
            writer.WriteNumberValue(i - first);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
