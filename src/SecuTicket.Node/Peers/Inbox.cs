using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Node.Peers;

/// <summary>What waits for the loop: so many inputs, and of what callers sent so many bytes in all and of each of them. Thread-safe; one may take.</summary>
/// <remarks>Who has nothing here may bring one message, however large it is: the limits of messages bound that.</remarks>
internal sealed class Inbox(PeerNetworkSettings settings)
{
    private readonly Channel<(NetworkInput Input, Address Caller, long Bytes)> _inputs =
        Channel.CreateBounded<(NetworkInput, Address, long)>(new BoundedChannelOptions(settings.QueuedInputs) { SingleReader = true });

    private readonly Lock _counting = new();
    private readonly Dictionary<Address, long> _byCaller = [];
    private long _bytes;

    /// <summary>Adds an input of our own, if there is room.</summary>
    public bool TryAdd(NetworkInput input) => _inputs.Writer.TryWrite((input, default, 0));

    /// <summary>Adds what a caller said in a message of so many bytes, if there is room for it.</summary>
    public bool TryAdd(NetworkInput input, long bytes)
    {
        var caller = CallerOf(input);
        lock (_counting)
        {
            var own = _byCaller.GetValueOrDefault(caller);
            if ((_bytes > 0 && _bytes + bytes > settings.QueuedBytes) || (own > 0 && own + bytes > settings.QueuedBytesPerCaller)) return false;
            if (!_inputs.Writer.TryWrite((input, caller, bytes))) return false;

            _bytes += bytes;
            if (bytes > 0) _byCaller[caller] = own + bytes;
            return true;
        }
    }

    /// <summary>Adds an input of our own once there is room.</summary>
    /// <exception cref="ChannelClosedException">Nobody takes any more.</exception>
    public ValueTask AddAsync(NetworkInput input, CancellationToken stop) => _inputs.Writer.WriteAsync((input, default, 0), stop);

    /// <summary>Waits until there is something; false when nothing comes any more.</summary>
    public ValueTask<bool> WaitAsync(CancellationToken stop) => _inputs.Reader.WaitToReadAsync(stop);

    /// <summary>Takes the first input.</summary>
    public bool TryTake([NotNullWhen(true)] out NetworkInput? input)
    {
        var isThere = _inputs.Reader.TryRead(out var taken);
        input = taken.Input;
        if (taken.Bytes == 0) return isThere;

        lock (_counting)
        {
            _bytes -= taken.Bytes;
            if ((_byCaller[taken.Caller] -= taken.Bytes) == 0) _byCaller.Remove(taken.Caller);
        }

        return isThere;
    }

    /// <summary>Takes nothing in any more.</summary>
    public void Close() => _inputs.Writer.TryComplete();

    private static Address CallerOf(NetworkInput input) => input switch
    {
        NetworkInput.TipAnnounced announced => announced.Caller,
        NetworkInput.BlockAnnounced announced => announced.Caller,
        NetworkInput.TransactionsAnnounced announced => announced.Caller,
        NetworkInput.TransactionsBrought brought => brought.Caller,
        NetworkInput.Misbehaved misbehaved => misbehaved.Caller,
        NetworkInput.Greeted greeted => greeted.Caller.Node,
        _ => default,
    };
}
