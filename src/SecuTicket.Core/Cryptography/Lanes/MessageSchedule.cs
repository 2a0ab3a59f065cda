using System.Runtime.CompilerServices;

namespace SecuTicket.Core.Cryptography.Lanes;

/// <summary>The sixteen words of the message schedule that the rounds to come are made of.</summary>
/// <remarks>
/// State and schedule are 24 words. Where there are 16 registers the compiler (.NET 10) gives them to the words that are used most and takes every sum within a round through memory, where the next operation waits
/// for it: a compression then costs three and a half times what it costs with the schedule in memory and the sums in registers. AVX-512 and Arm of 64 bits have 32 registers, enough for all.
/// </remarks>
internal static class MessageSchedule
{
    /// <summary>Does nothing; but what has been passed by reference is kept in memory, and takes no register from the sums.</summary>
    /// <remarks>Whoever calls it asks the processor himself: by then the compiler has to know that the call is none.</remarks>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void KeepInMemory<TWords>(
        ref TWords w0, ref TWords w1, ref TWords w2, ref TWords w3, ref TWords w4, ref TWords w5, ref TWords w6, ref TWords w7,
        ref TWords w8, ref TWords w9, ref TWords w10, ref TWords w11, ref TWords w12, ref TWords w13, ref TWords w14, ref TWords w15)
    {
    }
}
