using System.Buffers.Binary;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Api.Answers;

/// <summary>The texts of addresses that stand in many answers, organisers' on each of their tickets and sealers' in each header: the checksum of a text costs a Keccak-256.</summary>
/// <remarks>A place keeps the address that was written there last, so the memory is bounded (some 200 bytes a place) and nothing has to be thrown out.</remarks>
internal static class AddressTexts
{
    private const int Places = 1024;

    private static readonly Written?[] Last = new Written?[Places];

    /// <summary>The text of an address, as <see cref="Address.ToString"/>.</summary>
    public static string Of(in Address address)
    {
        ref var place = ref Last[BinaryPrimitives.ReadUInt16LittleEndian(address.Span) % Places];
        var written = place;
        if (written is null || written.Address != address) place = written = new Written(address, address.ToString());
        return written.Text;
    }

    private sealed record Written(Address Address, string Text);
}
