using SecuTicket.Core.Primitives;

namespace SecuTicket.Node.Peers.Messages;

/// <summary>What a caller shows after its handshake: 16 random bytes, written as 32 hex digits in the header <c>SecuTicket-Session</c>.</summary>
/// <param name="Value">The 16 bytes.</param>
public readonly record struct SessionToken(UInt128 Value)
{
    /// <summary>Bytes of one.</summary>
    public const int Size = 16;

    /// <summary>The header that carries it.</summary>
    public const string HeaderName = "SecuTicket-Session";

    /// <summary>Reads 32 lower-case hex digits.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out SessionToken token)
    {
        Span<byte> bytes = stackalloc byte[Size];
        token = default;
        if (!Hex.TryDecode(text, bytes)) return false;

        token = new SessionToken(System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes));
        return true;
    }

    /// <summary>Nothing of it: whoever has it is taken for the caller, and records print what they hold.</summary>
    public override string ToString() => "***";

    /// <summary>32 lower-case hex digits.</summary>
    public string Reveal() => Value.ToString("x32", System.Globalization.CultureInfo.InvariantCulture);
}
