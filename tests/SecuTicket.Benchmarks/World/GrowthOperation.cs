using SecuTicket.Benchmarks.Load;

namespace SecuTicket.Benchmarks.World;

/// <summary>One thing that is asked of nodes on worlds of growing size.</summary>
/// <param name="Panel">The plot that it is drawn in.</param>
/// <param name="Name">The route and what matters of its parameters.</param>
/// <param name="Status">What it must be answered with.</param>
/// <param name="Expected">What the body of the first answer must contain.</param>
/// <param name="Requests">Requests for different things of one kind, drawn at random.</param>
internal sealed record GrowthOperation(string Panel, string Name, int Status, string Expected, RequestSet Requests)
{
    private const int Created = 201;

    /// <summary>Whether each request can be sent only once, for it changes the ledger.</summary>
    public bool IsWrite => Status == Created;

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static GrowthOperation Read(BinaryReader reader)
    {
        var (panel, name, status, expected) = (reader.ReadString(), reader.ReadString(), reader.ReadInt32(), reader.ReadString());
        var requests = new RequestSet();
        for (var left = reader.ReadInt32(); left > 0; left--) requests.Add(reader.ReadBytes(reader.ReadInt32()));
        return new GrowthOperation(panel, name, status, expected, requests);
    }

    /// <summary>Writes all of it, each request to its last byte.</summary>
    public void Write(BinaryWriter writer)
    {
        writer.Write(Panel);
        writer.Write(Name);
        writer.Write(Status);
        writer.Write(Expected);
        writer.Write(Requests.Count);
        for (var i = 0; i < Requests.Count; i++)
        {
            writer.Write(Requests[i].Length);
            writer.Write(Requests[i].Span);
        }
    }
}
