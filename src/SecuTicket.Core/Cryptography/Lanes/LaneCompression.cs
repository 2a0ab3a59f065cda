using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace SecuTicket.Core.Cryptography.Lanes;

/// <summary>SHA-256's compression, of one block in each lane.</summary>
/// <typeparam name="L">The lanes.</typeparam>
/// <typeparam name="TWords">One word of each lane.</typeparam>
internal static class LaneCompression<L, TWords>
    where L : ILanes<TWords>
    where TWords : unmanaged
{
    /// <summary>Takes a block into a state.</summary>
    /// <remarks>Sixteen rounds are written out, so that state and schedule stay in registers where there are enough of them; every word of the schedule then takes the place of the one 16 before.</remarks>
    /// <param name="state">Eight words.</param>
    /// <param name="block">Sixteen words.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Compress(Span<TWords> state, ReadOnlySpan<TWords> block)
    {
        TWords a = state[0], b = state[1], c = state[2], d = state[3], e = state[4], f = state[5], g = state[6], h = state[7];
        TWords w0 = block[0], w1 = block[1], w2 = block[2], w3 = block[3], w4 = block[4], w5 = block[5], w6 = block[6], w7 = block[7];
        TWords w8 = block[8], w9 = block[9], w10 = block[10], w11 = block[11], w12 = block[12], w13 = block[13], w14 = block[14], w15 = block[15];
        if (!AdvSimd.Arm64.IsSupported && !Avx512F.IsSupported) MessageSchedule.KeepInMemory(ref w0, ref w1, ref w2, ref w3, ref w4, ref w5, ref w6, ref w7, ref w8, ref w9, ref w10, ref w11, ref w12, ref w13, ref w14, ref w15);
        for (var t = 0; ; t += Sha256Rounds.BlockWords)
        {
            var k = Sha256Rounds.Constants.Slice(t, Sha256Rounds.BlockWords);
            h = L.AddChoice(h, e, f, g, w0, k[0]); d = L.Sum(d, h); h = L.AddMajority(h, a, b, c);
            g = L.AddChoice(g, d, e, f, w1, k[1]); c = L.Sum(c, g); g = L.AddMajority(g, h, a, b);
            f = L.AddChoice(f, c, d, e, w2, k[2]); b = L.Sum(b, f); f = L.AddMajority(f, g, h, a);
            e = L.AddChoice(e, b, c, d, w3, k[3]); a = L.Sum(a, e); e = L.AddMajority(e, f, g, h);
            d = L.AddChoice(d, a, b, c, w4, k[4]); h = L.Sum(h, d); d = L.AddMajority(d, e, f, g);
            c = L.AddChoice(c, h, a, b, w5, k[5]); g = L.Sum(g, c); c = L.AddMajority(c, d, e, f);
            b = L.AddChoice(b, g, h, a, w6, k[6]); f = L.Sum(f, b); b = L.AddMajority(b, c, d, e);
            a = L.AddChoice(a, f, g, h, w7, k[7]); e = L.Sum(e, a); a = L.AddMajority(a, b, c, d);
            h = L.AddChoice(h, e, f, g, w8, k[8]); d = L.Sum(d, h); h = L.AddMajority(h, a, b, c);
            g = L.AddChoice(g, d, e, f, w9, k[9]); c = L.Sum(c, g); g = L.AddMajority(g, h, a, b);
            f = L.AddChoice(f, c, d, e, w10, k[10]); b = L.Sum(b, f); f = L.AddMajority(f, g, h, a);
            e = L.AddChoice(e, b, c, d, w11, k[11]); a = L.Sum(a, e); e = L.AddMajority(e, f, g, h);
            d = L.AddChoice(d, a, b, c, w12, k[12]); h = L.Sum(h, d); d = L.AddMajority(d, e, f, g);
            c = L.AddChoice(c, h, a, b, w13, k[13]); g = L.Sum(g, c); c = L.AddMajority(c, d, e, f);
            b = L.AddChoice(b, g, h, a, w14, k[14]); f = L.Sum(f, b); b = L.AddMajority(b, c, d, e);
            a = L.AddChoice(a, f, g, h, w15, k[15]); e = L.Sum(e, a); a = L.AddMajority(a, b, c, d);
            if (t + Sha256Rounds.BlockWords == Sha256Rounds.Count) break;

            w0 = L.Schedule(w0, w1, w9, w14);
            w1 = L.Schedule(w1, w2, w10, w15);
            w2 = L.Schedule(w2, w3, w11, w0);
            w3 = L.Schedule(w3, w4, w12, w1);
            w4 = L.Schedule(w4, w5, w13, w2);
            w5 = L.Schedule(w5, w6, w14, w3);
            w6 = L.Schedule(w6, w7, w15, w4);
            w7 = L.Schedule(w7, w8, w0, w5);
            w8 = L.Schedule(w8, w9, w1, w6);
            w9 = L.Schedule(w9, w10, w2, w7);
            w10 = L.Schedule(w10, w11, w3, w8);
            w11 = L.Schedule(w11, w12, w4, w9);
            w12 = L.Schedule(w12, w13, w5, w10);
            w13 = L.Schedule(w13, w14, w6, w11);
            w14 = L.Schedule(w14, w15, w7, w12);
            w15 = L.Schedule(w15, w0, w8, w13);
        }

        (state[0], state[1], state[2], state[3]) = (L.Sum(state[0], a), L.Sum(state[1], b), L.Sum(state[2], c), L.Sum(state[3], d));
        (state[4], state[5], state[6], state[7]) = (L.Sum(state[4], e), L.Sum(state[5], f), L.Sum(state[6], g), L.Sum(state[7], h));
    }
}
