namespace SecuTicket.Core.Cryptography.Lanes;

/// <summary>What SHA-256 does to 32-bit words, done to several words side by side: each lane works on a message of its own.</summary>
/// <remarks>
/// FIPS 180-4, sections 4.1.2 and 6.2.2; all additions are modulo 2^32. The functions come with the additions around them: the compiler stops inlining where a method
/// has some 900 variables, every call within a call makes one, and the rounds are written out.
/// </remarks>
/// <typeparam name="TWords">One word of each lane.</typeparam>
internal interface ILanes<TWords>
    where TWords : struct
{
    /// <summary>How many lanes there are.</summary>
    static abstract int Count { get; }

    /// <summary>The same word in every lane.</summary>
    static abstract TWords All(uint word);

    /// <summary>Words that count up from lane to lane.</summary>
    static abstract TWords CountFrom(uint first);

    /// <summary>x + y.</summary>
    static abstract TWords Sum(TWords x, TWords y);

    /// <summary>x + y, the same y in every lane.</summary>
    static abstract TWords Plus(TWords x, uint y);

    /// <summary>σ0(x).</summary>
    static abstract TWords Sigma0(TWords x);

    /// <summary>σ1(x).</summary>
    static abstract TWords Sigma1(TWords x);

    /// <summary>w + σ0(x) + y + σ1(z): a word of the message schedule from those 16, 15, 7 and 2 before it.</summary>
    static abstract TWords Schedule(TWords w, TWords x, TWords y, TWords z);

    /// <summary>h + Σ1(e) + Ch(e, f, g): the first sum of a round, where h holds the round's word and constant.</summary>
    static abstract TWords AddChoice(TWords h, TWords e, TWords f, TWords g);

    /// <summary>h + k + Σ1(e) + Ch(e, f, g), where k holds the round's word, the same in every lane, and constant.</summary>
    static abstract TWords AddChoice(TWords h, TWords e, TWords f, TWords g, uint k);

    /// <summary>h + w + k + Σ1(e) + Ch(e, f, g).</summary>
    static abstract TWords AddChoice(TWords h, TWords e, TWords f, TWords g, TWords w, uint k);

    /// <summary>t + Σ0(a) + Maj(a, b, c): the second sum of a round.</summary>
    static abstract TWords AddMajority(TWords t, TWords a, TWords b, TWords c);

    /// <summary>(x ≪ 24) | (y ≫ 8): the word that begins with the last byte of x.</summary>
    static abstract TWords LastByteThen(TWords x, TWords y);

    /// <summary>The words at even places of the first 2 × <see cref="Count"/> words of <paramref name="source"/>.</summary>
    static abstract TWords LoadEven(ReadOnlySpan<uint> source);

    /// <summary>The words at odd places of the first 2 × <see cref="Count"/> words of <paramref name="source"/>.</summary>
    static abstract TWords LoadOdd(ReadOnlySpan<uint> source);

    /// <summary>Writes <see cref="Count"/> words to the start of <paramref name="destination"/>.</summary>
    static abstract void Store(TWords words, Span<uint> destination);

    /// <summary>Whether some lane has none of the bits of <paramref name="mask"/>.</summary>
    static abstract bool AnyWithout(TWords words, uint mask);

    /// <summary>The first lane that has none of the bits of <paramref name="mask"/>; there must be one.</summary>
    static abstract int FirstWithout(TWords words, uint mask);
}
