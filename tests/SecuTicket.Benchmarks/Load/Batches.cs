using System.Buffers;

namespace SecuTicket.Benchmarks.Load;

/// <summary>Transactions as a client posts many of them at once.</summary>
internal static class Batches
{
    /// <summary>The most lines that a node takes at once.</summary>
    public const int Lines = 1_000;

    /// <summary>Batches under way at the same time: enough that one is checked while another is written, few enough that an answer stays quick.</summary>
    public const int Connections = 8;

    /// <summary>Adds bodies of single transactions as batches.</summary>
    public static void AddBatches(this RequestSet requests, IEnumerable<byte[]> bodies, int perBatch = Lines)
    {
        foreach (var some in bodies.Chunk(perBatch))
        {
            var lines = new ArrayBufferWriter<byte>();
            foreach (var body in some)
            {
                lines.Write(body);
                lines.Write("\n"u8);
            }

            requests.AddPost("/transactions/batch", lines.WrittenSpan, "application/x-ndjson");
        }
    }
}
