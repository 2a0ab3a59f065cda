using System.Buffers;

namespace SecuTicket.Api.Limits;

/// <summary>The bytes of a request's body, exactly as sent, in memory borrowed from the shared pool until disposed.</summary>
public sealed class RequestBody : IDisposable
{
    private readonly int _length;
    private readonly IDisposable? _place;
    private byte[]? _rented;

    internal RequestBody(byte[] rented, int length, IDisposable? place) => (_rented, _length, _place) = (rented, length, place);

    /// <summary>The bytes; empty when an optional body was left out.</summary>
    /// <exception cref="ObjectDisposedException">The memory was given back.</exception>
    public ReadOnlyMemory<byte> Memory => (_rented ?? throw new ObjectDisposedException(nameof(RequestBody))).AsMemory(0, _length);

    /// <summary>Gives the memory back, and its place among <see cref="LargeBodies"/>. What was read of it must have been copied.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _rented, null) is not { Length: > 0 } rented) return;

        ArrayPool<byte>.Shared.Return(rented);
        _place?.Dispose();
    }
}
