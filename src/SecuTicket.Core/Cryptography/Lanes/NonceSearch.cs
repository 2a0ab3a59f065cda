using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace SecuTicket.Core.Cryptography.Lanes;

/// <summary>Tries nonces, as many at once as there are lanes, one compression each.</summary>
/// <remarks>
/// Only the first word of the digest is made and looked at: what passes is for the caller to hash in full. All words stay in registers where there are enough of them, so the rounds are written out, and once
/// for every width.
/// </remarks>
internal static class NonceSearch
{
    /// <summary>Tries nonces in order.</summary>
    /// <param name="block">The prepared message.</param>
    /// <param name="first">Lower half of the first nonce tried.</param>
    /// <param name="count">How many are tried, all with the same upper half.</param>
    /// <param name="mask">Bits that the first word of the digest must not have.</param>
    /// <param name="width">How many are tried at once.</param>
    /// <returns>How far from the first the first one lies that has none of these bits, or null when all have some.</returns>
    public static long? Find(NonceBlock block, uint first, long count, uint mask, LaneWidth width) => width switch
    {
        LaneWidth.Vector512 => Find<Vector512Lanes, Vector512<uint>>(block, first, count, mask),
        LaneWidth.Vector256 => Find<Vector256Lanes, Vector256<uint>>(block, first, count, mask),
        LaneWidth.Vector128 => Find<Vector128Lanes, Vector128<uint>>(block, first, count, mask),
        _ => Find<ScalarLane, uint>(block, first, count, mask),
    };

    // Compiled once and fully: a loop that runs for seconds is entered too rarely to be noticed as a hot one.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static long? Find<L, TWords>(NonceBlock block, uint first, long count, uint mask)
        where L : ILanes<TWords>
        where TWords : struct
    {
        TWords w0 = default, w1 = default, w2 = default, w3 = default, w4 = default, w5 = default, w6 = default, w7 = default;
        TWords w8 = default, w9 = default, w10 = default, w11 = default, w12 = default, w13 = default, w14 = default, w15 = default;
        if (!AdvSimd.Arm64.IsSupported && !Avx512F.IsSupported) MessageSchedule.KeepInMemory(ref w0, ref w1, ref w2, ref w3, ref w4, ref w5, ref w6, ref w7, ref w8, ref w9, ref w10, ref w11, ref w12, ref w13, ref w14, ref w15);
        for (long tried = 0; tried < count; tried += L.Count)
        {
            w12 = L.CountFrom(first + (uint)tried);
            TWords a = L.All(block.E), b = L.All(block.F), c, d = L.Plus(w12, block.SumA), e = L.All(block.A), f = L.All(block.B), g = L.All(block.C), h = L.Plus(w12, block.SumE);
            c = L.All(block.Sum13);
            c = L.AddChoice(c, h, a, b); g = L.Sum(g, c); c = L.AddMajority(c, d, e, f);
            b = L.All(block.Sum14);
            b = L.AddChoice(b, g, h, a); f = L.Sum(f, b); b = L.AddMajority(b, c, d, e);
            a = L.All(block.Sum15);
            a = L.AddChoice(a, f, g, h); e = L.Sum(e, a); a = L.AddMajority(a, b, c, d);
            h = L.AddChoice(h, e, f, g, block.Round16); d = L.Sum(d, h); h = L.AddMajority(h, a, b, c);
            g = L.AddChoice(g, d, e, f, block.Round17); c = L.Sum(c, g); g = L.AddMajority(g, h, a, b);
            f = L.AddChoice(f, c, d, e, block.Round18); b = L.Sum(b, f); f = L.AddMajority(f, g, h, a);
            w3 = L.Plus(w12, block.Word19);
            e = L.AddChoice(e, b, c, d, w3, 0x240ca1cc); a = L.Sum(a, e); e = L.AddMajority(e, f, g, h);
            d = L.AddChoice(d, a, b, c, block.Round20); h = L.Sum(h, d); d = L.AddMajority(d, e, f, g);
            w5 = L.Plus(L.Sigma1(w3), block.Word21);
            c = L.AddChoice(c, h, a, b, w5, 0x4a7484aa); g = L.Sum(g, c); c = L.AddMajority(c, d, e, f);
            b = L.AddChoice(b, g, h, a, block.Round22); f = L.Sum(f, b); b = L.AddMajority(b, c, d, e);
            w7 = L.Plus(L.Sigma1(w5), block.Word23);
            a = L.AddChoice(a, f, g, h, w7, 0x76f988da); e = L.Sum(e, a); a = L.AddMajority(a, b, c, d);
            h = L.AddChoice(h, e, f, g, block.Round24); d = L.Sum(d, h); h = L.AddMajority(h, a, b, c);
            w9 = L.Plus(L.Sigma1(w7), block.Word25);
            g = L.AddChoice(g, d, e, f, w9, 0xa831c66d); c = L.Sum(c, g); g = L.AddMajority(g, h, a, b);
            w10 = L.Plus(w3, block.Word26);
            f = L.AddChoice(f, c, d, e, w10, 0xb00327c8); b = L.Sum(b, f); f = L.AddMajority(f, g, h, a);
            w11 = L.Plus(L.Sum(L.Sigma0(w12), L.Sigma1(w9)), block.Word27);
            e = L.AddChoice(e, b, c, d, w11, 0xbf597fc7); a = L.Sum(a, e); e = L.AddMajority(e, f, g, h);
            w12 = L.Plus(L.Sum(L.Sum(w12, w5), L.Sigma1(w10)), block.Word28);
            d = L.AddChoice(d, a, b, c, w12, 0xc6e00bf3); h = L.Sum(h, d); d = L.AddMajority(d, e, f, g);
            w13 = L.Plus(L.Sigma1(w11), block.Word29);
            c = L.AddChoice(c, h, a, b, w13, 0xd5a79147); g = L.Sum(g, c); c = L.AddMajority(c, d, e, f);
            w14 = L.Plus(L.Sum(w7, L.Sigma1(w12)), block.Word30);
            b = L.AddChoice(b, g, h, a, w14, 0x06ca6351); f = L.Sum(f, b); b = L.AddMajority(b, c, d, e);
            w15 = L.Plus(L.Sigma1(w13), block.Word31);
            a = L.AddChoice(a, f, g, h, w15, 0x14292967); e = L.Sum(e, a); a = L.AddMajority(a, b, c, d);
            w0 = L.Plus(L.Sum(w9, L.Sigma1(w14)), block.Word32);
            h = L.AddChoice(h, e, f, g, w0, 0x27b70a85); d = L.Sum(d, h); h = L.AddMajority(h, a, b, c);
            w1 = L.Plus(L.Sum(w10, L.Sigma1(w15)), block.Word33);
            g = L.AddChoice(g, d, e, f, w1, 0x2e1b2138); c = L.Sum(c, g); g = L.AddMajority(g, h, a, b);
            w2 = L.Plus(L.Sum(L.Sum(w11, L.Sigma0(w3)), L.Sigma1(w0)), block.Word34);
            f = L.AddChoice(f, c, d, e, w2, 0x4d2c6dfc); b = L.Sum(b, f); f = L.AddMajority(f, g, h, a);
            w3 = L.Plus(L.Sum(L.Sum(w3, w12), L.Sigma1(w1)), block.Word35);
            e = L.AddChoice(e, b, c, d, w3, 0x53380d13); a = L.Sum(a, e); e = L.AddMajority(e, f, g, h);
            w4 = L.Plus(L.Sum(L.Sum(w13, L.Sigma0(w5)), L.Sigma1(w2)), block.Word36);
            d = L.AddChoice(d, a, b, c, w4, 0x650a7354); h = L.Sum(h, d); d = L.AddMajority(d, e, f, g);
            w5 = L.Plus(L.Sum(L.Sum(w5, w14), L.Sigma1(w3)), block.Word37);
            c = L.AddChoice(c, h, a, b, w5, 0x766a0abb); g = L.Sum(g, c); c = L.AddMajority(c, d, e, f);
            w6 = L.Plus(L.Sum(L.Sum(w15, L.Sigma0(w7)), L.Sigma1(w4)), block.Word38);
            b = L.AddChoice(b, g, h, a, w6, 0x81c2c92e); f = L.Sum(f, b); b = L.AddMajority(b, c, d, e);
            w7 = L.Plus(L.Sum(L.Sum(w7, w0), L.Sigma1(w5)), block.Word39);
            a = L.AddChoice(a, f, g, h, w7, 0x92722c85); e = L.Sum(e, a); a = L.AddMajority(a, b, c, d);
            w8 = L.Plus(L.Sum(L.Sum(w1, L.Sigma0(w9)), L.Sigma1(w6)), block.Word40);
            h = L.AddChoice(h, e, f, g, w8, 0xa2bfe8a1); d = L.Sum(d, h); h = L.AddMajority(h, a, b, c);
            w9 = L.Schedule(w9, w10, w2, w7);
            g = L.AddChoice(g, d, e, f, w9, 0xa81a664b); c = L.Sum(c, g); g = L.AddMajority(g, h, a, b);
            w10 = L.Schedule(w10, w11, w3, w8);
            f = L.AddChoice(f, c, d, e, w10, 0xc24b8b70); b = L.Sum(b, f); f = L.AddMajority(f, g, h, a);
            w11 = L.Schedule(w11, w12, w4, w9);
            e = L.AddChoice(e, b, c, d, w11, 0xc76c51a3); a = L.Sum(a, e); e = L.AddMajority(e, f, g, h);
            w12 = L.Schedule(w12, w13, w5, w10);
            d = L.AddChoice(d, a, b, c, w12, 0xd192e819); h = L.Sum(h, d); d = L.AddMajority(d, e, f, g);
            w13 = L.Schedule(w13, w14, w6, w11);
            c = L.AddChoice(c, h, a, b, w13, 0xd6990624); g = L.Sum(g, c); c = L.AddMajority(c, d, e, f);
            w14 = L.Schedule(w14, w15, w7, w12);
            b = L.AddChoice(b, g, h, a, w14, 0xf40e3585); f = L.Sum(f, b); b = L.AddMajority(b, c, d, e);
            w15 = L.Schedule(w15, w0, w8, w13);
            a = L.AddChoice(a, f, g, h, w15, 0x106aa070); e = L.Sum(e, a); a = L.AddMajority(a, b, c, d);
            w0 = L.Schedule(w0, w1, w9, w14);
            h = L.AddChoice(h, e, f, g, w0, 0x19a4c116); d = L.Sum(d, h); h = L.AddMajority(h, a, b, c);
            w1 = L.Schedule(w1, w2, w10, w15);
            g = L.AddChoice(g, d, e, f, w1, 0x1e376c08); c = L.Sum(c, g); g = L.AddMajority(g, h, a, b);
            w2 = L.Schedule(w2, w3, w11, w0);
            f = L.AddChoice(f, c, d, e, w2, 0x2748774c); b = L.Sum(b, f); f = L.AddMajority(f, g, h, a);
            w3 = L.Schedule(w3, w4, w12, w1);
            e = L.AddChoice(e, b, c, d, w3, 0x34b0bcb5); a = L.Sum(a, e); e = L.AddMajority(e, f, g, h);
            w4 = L.Schedule(w4, w5, w13, w2);
            d = L.AddChoice(d, a, b, c, w4, 0x391c0cb3); h = L.Sum(h, d); d = L.AddMajority(d, e, f, g);
            w5 = L.Schedule(w5, w6, w14, w3);
            c = L.AddChoice(c, h, a, b, w5, 0x4ed8aa4a); g = L.Sum(g, c); c = L.AddMajority(c, d, e, f);
            w6 = L.Schedule(w6, w7, w15, w4);
            b = L.AddChoice(b, g, h, a, w6, 0x5b9cca4f); f = L.Sum(f, b); b = L.AddMajority(b, c, d, e);
            w7 = L.Schedule(w7, w8, w0, w5);
            a = L.AddChoice(a, f, g, h, w7, 0x682e6ff3); e = L.Sum(e, a); a = L.AddMajority(a, b, c, d);
            w8 = L.Schedule(w8, w9, w1, w6);
            h = L.AddChoice(h, e, f, g, w8, 0x748f82ee); d = L.Sum(d, h); h = L.AddMajority(h, a, b, c);
            w9 = L.Schedule(w9, w10, w2, w7);
            g = L.AddChoice(g, d, e, f, w9, 0x78a5636f); c = L.Sum(c, g); g = L.AddMajority(g, h, a, b);
            w10 = L.Schedule(w10, w11, w3, w8);
            f = L.AddChoice(f, c, d, e, w10, 0x84c87814); b = L.Sum(b, f); f = L.AddMajority(f, g, h, a);
            w11 = L.Schedule(w11, w12, w4, w9);
            e = L.AddChoice(e, b, c, d, w11, 0x8cc70208); a = L.Sum(a, e); e = L.AddMajority(e, f, g, h);
            w12 = L.Schedule(w12, w13, w5, w10);
            d = L.AddChoice(d, a, b, c, w12, 0x90befffa); h = L.Sum(h, d); d = L.AddMajority(d, e, f, g);
            w13 = L.Schedule(w13, w14, w6, w11);
            c = L.AddChoice(c, h, a, b, w13, 0xa4506ceb); g = L.Sum(g, c); c = L.AddMajority(c, d, e, f);
            w14 = L.Schedule(w14, w15, w7, w12);
            b = L.AddChoice(b, g, h, a, w14, 0xbef9a3f7); f = L.Sum(f, b); b = L.AddMajority(b, c, d, e);
            w15 = L.Schedule(w15, w0, w8, w13);
            a = L.AddChoice(a, f, g, h, w15, 0xc67178f2); e = L.Sum(e, a); a = L.AddMajority(a, b, c, d);
            var words = L.Plus(a, block.Initial);
            if (!L.AnyWithout(words, mask)) continue;

            // The last lanes may lie beyond the end.
            var found = tried + L.FirstWithout(words, mask);
            return found < count ? found : null;
        }

        return null;
    }
}
