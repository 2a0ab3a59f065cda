using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Threading.Channels;
using SecuTicket.Api.Answers;
using SecuTicket.Api.Chain;
using SecuTicket.Api.Transactions;
using SecuTicket.Node;

namespace SecuTicket.Api.Streaming;

/// <summary>Writes what happens at the node as server-sent events (WHATWG HTML, section 9.2) until the listener or the node goes, or the listener falls behind or loses its place.</summary>
/// <param name="output">The answer's body.</param>
/// <param name="events">What happens.</param>
/// <param name="clock">Tells when a sign of life is due.</param>
internal sealed class EventStream(PipeWriter output, ChannelReader<NodeEvent> events, TimeProvider clock)
{
    /// <summary>Time between two comments that keep the connection alive through proxies, and find out that a listener is gone.</summary>
    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    // What is gathered before it is sent.
    private const int MaxUnsent = 64 * 1024;

    private static ReadOnlySpan<byte> Greeting => ": listening\nretry: 2000\n\n"u8;

    private static ReadOnlySpan<byte> SignOfLife => ": alive\n\n"u8;

    private static ReadOnlySpan<byte> SentAway => ": too slow, or all places were taken and this address had the most: connect again\n\n"u8;

    /// <summary>Writes until there is a reason to end.</summary>
    /// <param name="stop">The listener went away, or the node stops.</param>
    public async Task RunAsync(CancellationToken stop)
    {
        using var heartbeat = new PeriodicTimer(Heartbeat, clock);
        output.Write(Greeting);
        await output.FlushAsync(stop);
        var beat = heartbeat.WaitForNextTickAsync(stop).AsTask();
        while (true)
        {
            var more = events.WaitToReadAsync(stop).AsTask();
            while (await Task.WhenAny(more, beat) == beat)
            {
                await beat;
                beat = heartbeat.WaitForNextTickAsync(stop).AsTask();
                output.Write(SignOfLife);
                await output.FlushAsync(stop);
            }

            if (!await more) break;
            await WriteWaitingAsync(stop);
        }

        output.Write(SentAway);
        await output.FlushAsync(stop);
    }

    private async Task WriteWaitingAsync(CancellationToken stop)
    {
        var unsent = 0;
        while (events.TryRead(out var happened))
        {
            unsent += Write(happened);
            if (unsent < MaxUnsent) continue;

            await output.FlushAsync(stop);
            unsent = 0;
        }

        await output.FlushAsync(stop);
    }

    private int Write(NodeEvent happened) => happened switch
    {
        NodeEvent.BlockConnected connected => Write("block"u8, Of(connected), ApiJson.Default.BlockEvent),
        NodeEvent.TransactionDecided decided => Write("transaction"u8, Of(decided), ApiJson.Default.TransactionEvent),
        NodeEvent.Reorganised reorganised => Write(
            "reorganisation"u8, new ReorganisationEvent(reorganised.Depth, reorganised.FormerTip.ToString(), reorganised.Tip.ToString()), ApiJson.Default.ReorganisationEvent),
        NodeEvent.ForkTooDeep fork => Write("fork_too_deep"u8, new ForkTooDeepEvent(fork.Block.ToString(), fork.Detail), ApiJson.Default.ForkTooDeepEvent),
        _ => 0,
    };

    private static BlockEvent Of(NodeEvent.BlockConnected connected)
    {
        var header = connected.Block.Header;
        return new BlockEvent(
            header.Index,
            header.Hash.ToString(),
            header.Previous.ToString(),
            TimeText.OfMilliseconds(header.Timestamp),
            header.Sealer.ToString(),
            connected.Block.Transactions.Count,
            connected.Weight.ToString(CultureInfo.InvariantCulture));
    }

    private static TransactionEvent Of(NodeEvent.TransactionDecided decided) => new(
        decided.Id.ToString(), decided.Type, TransactionIntake.WordOf(decided.Status), decided.BlockIndex, decided.Refusal?.Code, decided.Refusal?.Detail);

    // JSON written without indentation holds no line feed, which would end the data.
    private int Write<T>(ReadOnlySpan<byte> name, T data, JsonTypeInfo<T> type)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(data, type);
        output.Write("event: "u8);
        output.Write(name);
        output.Write("\ndata: "u8);
        output.Write(json);
        output.Write("\n\n"u8);
        return name.Length + json.Length + 16;
    }
}
