namespace SecuTicket.Core.Encoding;

/// <summary>Base45 (RFC 9285): bytes in the alphabet QR codes pack tightest, three characters for two bytes.</summary>
/// <remarks>Reading is strict: every byte string has one text, and nothing else is read.</remarks>
public static class Base45
{
    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

    // Index of a character in the alphabet by its code, or 45.
    private static ReadOnlySpan<byte> Values =>
    [
        45, 45, 45, 45, 45, 45, 45, 45, 45, 45, 45, 45, 45, 45, 45, 45, 45, 45, 45, 45, 45, 45, 45, 45, 45, 45, 45, 45, 45, 45, 45, 45,
        36, 45, 45, 45, 37, 38, 45, 45, 45, 45, 39, 40, 45, 41, 42, 43, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 44, 45, 45, 45, 45, 45,
        45, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35,
    ];

    /// <summary>Characters of <paramref name="bytes"/> bytes: three for each two, two for one left over.</summary>
    public static int LengthOf(int bytes) => (bytes / 2 * 3) + (bytes % 2 * 2);

    /// <summary>The text of <paramref name="bytes"/>.</summary>
    public static string Encode(ReadOnlySpan<byte> bytes) => string.Create(LengthOf(bytes.Length), bytes, static (text, bytes) =>
    {
        var at = 0;
        for (var i = 0; i < bytes.Length; i += 2)
        {
            var isPair = i + 1 < bytes.Length;
            var value = isPair ? (bytes[i] << 8) | bytes[i + 1] : bytes[i];
            text[at++] = Alphabet[value % 45];
            text[at++] = Alphabet[value / 45 % 45];
            if (isPair) text[at++] = Alphabet[value / (45 * 45)];
        }
    });

    /// <summary>Reads what <see cref="Encode"/> writes; a text of another alphabet, length or value range gives false and no bytes.</summary>
    public static bool TryDecode(ReadOnlySpan<char> text, out byte[] bytes)
    {
        bytes = [];
        var (groups, left) = Math.DivRem(text.Length, 3);
        if (left == 1) return false;

        var decoded = new byte[(groups * 2) + (left / 2)];
        for (var i = 0; i < groups; i++)
        {
            var value = ValueOf(text.Slice(3 * i, 3));
            if (value is < 0 or > ushort.MaxValue) return false;
            decoded[2 * i] = (byte)(value >> 8);
            decoded[(2 * i) + 1] = (byte)value;
        }

        if (left == 2)
        {
            var value = ValueOf(text[^2..]);
            if (value is < 0 or > byte.MaxValue) return false;
            decoded[^1] = (byte)value;
        }

        bytes = decoded;
        return true;
    }

    private static int ValueOf(ReadOnlySpan<char> group)
    {
        var value = 0;
        for (var i = group.Length - 1; i >= 0; i--)
        {
            if (group[i] >= Values.Length || Values[group[i]] == 45) return -1;
            value = (value * 45) + Values[group[i]];
        }

        return value;
    }
}
