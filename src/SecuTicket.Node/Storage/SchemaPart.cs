namespace SecuTicket.Node.Storage;

/// <summary>The tables of one store, as the SQL that makes them, one list for each version.</summary>
/// <remarks>Several stores share one file, and each grows at its own pace, so each has its own version number in the file.</remarks>
/// <param name="Name">Stable name of the part, 1..32 characters.</param>
/// <param name="Versions">Statements that lead from version n to version n + 1, at index n. Never edited once released, only appended to.</param>
public sealed record SchemaPart(string Name, IReadOnlyList<IReadOnlyList<string>> Versions)
{
    /// <summary>The version this program writes.</summary>
    public int Version => Versions.Count;
}
