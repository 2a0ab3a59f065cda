using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace SecuTicket.Api.Tests.Edge;

/// <summary>As much of OpenAPI 3.0's schemas as this API's document uses. A keyword it does not know fails, so that nothing is passed over.</summary>
/// <param name="document">The whole document, for references.</param>
internal sealed class JsonSchema(JsonElement document)
{
    private static readonly HashSet<string> Known =
    [
        "type", "format", "description", "nullable", "properties", "required", "additionalProperties", "items", "pattern", "minimum", "maximum", "minLength", "maxLength", "minItems",
        "maxItems", "$ref",
    ];

    /// <summary>What is wrong with a value, each with its place; empty when nothing is.</summary>
    public IReadOnlyList<string> Faults(JsonElement schema, JsonElement value)
    {
        var faults = new List<string>();
        Judge(schema, value, "$", faults);
        return faults;
    }

    private void Judge(JsonElement schema, JsonElement value, string place, List<string> faults)
    {
        if (schema.TryGetProperty("$ref", out var reference))
        {
            var name = reference.GetString()!["#/components/schemas/".Length..];
            Judge(document.GetProperty("components").GetProperty("schemas").GetProperty(name), value, place, faults);
            return;
        }

        faults.AddRange(schema.EnumerateObject().Where(keyword => !Known.Contains(keyword.Name)).Select(keyword => $"{place}: this test does not know the keyword {keyword.Name}"));
        if (value.ValueKind == JsonValueKind.Null)
        {
            if (!(schema.TryGetProperty("nullable", out var nullable) && nullable.GetBoolean())) faults.Add($"{place}: is null");
            return;
        }

        if (!schema.TryGetProperty("type", out var type)) return;
        switch (type.GetString(), value.ValueKind)
        {
            case ("object", JsonValueKind.Object):
                JudgeObject(schema, value, place, faults);
                break;
            case ("array", JsonValueKind.Array):
                JudgeBounds(schema, value.GetArrayLength(), "minItems", "maxItems", place, faults);
                var index = 0;
                foreach (var item in value.EnumerateArray()) Judge(schema.GetProperty("items"), item, $"{place}[{index++}]", faults);
                break;
            case ("string", JsonValueKind.String):
                JudgeBounds(schema, value.GetString()!.Length, "minLength", "maxLength", place, faults);
                if (schema.TryGetProperty("pattern", out var pattern) && !Regex.IsMatch(value.GetString()!, pattern.GetString()!)) faults.Add($"{place}: {value} is not of the form {pattern}");
                break;
            case ("integer", JsonValueKind.Number):
                JudgeBounds(schema, value.GetInt64(), "minimum", "maximum", place, faults);
                break;
            case ("boolean", JsonValueKind.True or JsonValueKind.False):
                break;
            default:
                faults.Add($"{place}: {value.ValueKind} is no {type}");
                break;
        }
    }

    private void JudgeObject(JsonElement schema, JsonElement value, string place, List<string> faults)
    {
        if (schema.TryGetProperty("required", out var required))
            faults.AddRange(required.EnumerateArray().Where(name => !value.TryGetProperty(name.GetString()!, out _)).Select(name => $"{place}: {name} is missing"));

        foreach (var member in value.EnumerateObject())
        {
            var inside = $"{place}.{member.Name}";
            if (schema.TryGetProperty("properties", out var properties) && properties.TryGetProperty(member.Name, out var property)) Judge(property, member.Value, inside, faults);
            else if (!schema.TryGetProperty("additionalProperties", out var others) || others.ValueKind == JsonValueKind.False) faults.Add($"{inside}: is not in the schema");
            else if (others.ValueKind == JsonValueKind.Object) Judge(others, member.Value, inside, faults);
        }
    }

    private static void JudgeBounds(JsonElement schema, long size, string least, string most, string place, List<string> faults)
    {
        if (schema.TryGetProperty(least, out var min) && size < min.GetDecimal()) faults.Add(string.Create(CultureInfo.InvariantCulture, $"{place}: {size} is below {least} {min}"));
        if (schema.TryGetProperty(most, out var max) && size > max.GetDecimal()) faults.Add(string.Create(CultureInfo.InvariantCulture, $"{place}: {size} is above {most} {max}"));
    }
}
