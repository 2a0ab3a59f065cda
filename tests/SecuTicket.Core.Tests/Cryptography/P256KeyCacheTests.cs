using SecuTicket.Core.Cryptography;

namespace SecuTicket.Core.Tests.Cryptography;

public class P256KeyCacheTests
{
    [Fact]
    public void Refuses_changed_keys_digests_and_signatures_and_still_knows_the_right_one()
    {
        using var signer = new P256Signer();
        using var cache = new P256KeyCache(2);
        for (var i = 0; i < 64; i++)
        {
            cache.Verify(Changed(signer.PublicKey, i), signer.Digest, signer.Signature).Should().BeFalse();
            cache.Verify(signer.PublicKey, Changed(signer.Digest, i % 32), signer.Signature).Should().BeFalse();
            cache.Verify(signer.PublicKey, signer.Digest, Changed(signer.Signature, i)).Should().BeFalse();
        }

        signer.IsAcceptedBy(cache).Should().BeTrue();
    }

    [Fact]
    public void Refuses_keys_that_are_no_point_without_an_exception_and_without_keeping_them()
    {
        using var signer = new P256Signer();
        using var cache = new P256KeyCache(1);
        signer.IsAcceptedBy(cache);
        var all255 = Enumerable.Repeat((byte)0xff, 64).ToArray();
        var offCurve = Changed(signer.PublicKey, 63);
        TestCurve.IsOnCurve(offCurve).Should().BeFalse();

        foreach (var key in new[] { new byte[64], all255, offCurve })
        {
            cache.Verify(key, signer.Digest, signer.Signature).Should().BeFalse();
        }

        cache.KeptFor(signer.PublicKey).Should().Be(1, "a good key is not pushed out by a bad one");
    }

    [Fact]
    public void Keeps_no_more_keys_than_its_capacity_and_drops_the_one_unused_longest()
    {
        using var cache = new P256KeyCache(3);
        var signers = Enumerable.Range(0, 5).Select(static _ => new P256Signer()).ToList();
        try
        {
            foreach (var signer in signers[..3]) signer.IsAcceptedBy(cache).Should().BeTrue();
            signers[0].IsAcceptedBy(cache).Should().BeTrue();
            foreach (var signer in signers[3..]) signer.IsAcceptedBy(cache).Should().BeTrue();

            cache.Count.Should().Be(3);
            signers.Select(signer => cache.KeptFor(signer.PublicKey)).Should().Equal(1, 0, 0, 1, 1);
            foreach (var signer in signers) signer.IsAcceptedBy(cache).Should().BeTrue("what is kept changes no answer");
            cache.Count.Should().Be(3);
        }
        finally
        {
            foreach (var signer in signers) signer.Dispose();
        }
    }

    [Fact]
    public void A_real_key_with_a_bad_signature_is_not_kept_and_pushes_nothing_out()
    {
        using var good = new P256Signer();
        using var other = new P256Signer();
        using var cache = new P256KeyCache(1);
        good.IsAcceptedBy(cache);

        cache.Verify(other.PublicKey, other.Digest, good.Signature).Should().BeFalse();

        cache.KeptFor(other.PublicKey).Should().Be(0);
        cache.KeptFor(good.PublicKey).Should().Be(1);
    }

    [Fact]
    public void A_kept_key_stays_when_a_bad_signature_names_it()
    {
        using var good = new P256Signer();
        using var cache = new P256KeyCache(1);
        good.IsAcceptedBy(cache);

        cache.Verify(good.PublicKey, good.Digest, Changed(good.Signature, 40)).Should().BeFalse();

        cache.KeptFor(good.PublicKey).Should().Be(1);
    }

    [Fact]
    public void Threads_that_share_few_places_and_hot_keys_get_right_answers_and_bounded_memory()
    {
        const int Capacity = 4;
        using var cache = new P256KeyCache(Capacity);
        var signers = Enumerable.Range(0, 8).Select(static _ => new P256Signer()).ToList();
        var (wrong, most) = (0, 0);

        Parallel.For(0, 2_000, new ParallelOptions { MaxDegreeOfParallelism = 16 }, i =>
        {
            // Half of the calls are under one hot key; every third is a forgery.
            var signer = signers[i % 2 == 0 ? 0 : i / 2 % signers.Count];
            var forged = i % 3 == 0;
            var digest = forged ? Changed(signer.Digest, i % 32) : signer.Digest;
            if (cache.Verify(signer.PublicKey, digest, signer.Signature) == forged) Interlocked.Increment(ref wrong);
            InterlockedMax(ref most, cache.Count);
        });

        foreach (var signer in signers) signer.Dispose();
        wrong.Should().Be(0);
        most.Should().BeLessThanOrEqualTo(Capacity);
    }

    [Fact]
    public void One_key_never_has_more_objects_than_its_limit()
    {
        using var signer = new P256Signer();
        using var cache = new P256KeyCache(100);
        var bytes = new P256KeyCache.KeyBytes(signer.PublicKey);
        for (var threads = 1; threads <= P256KeyCache.MaxIdlePerKey + 4; threads++)
        {
            cache.Return(bytes, signer.Import());
            cache.KeptFor(signer.PublicKey).Should().Be(Math.Min(threads, P256KeyCache.MaxIdlePerKey));
        }

        signer.IsAcceptedBy(cache).Should().BeTrue();
    }

    [Fact]
    public void Two_objects_of_one_key_leave_one_after_the_other()
    {
        using var hot = new P256Signer();
        using var other = new P256Signer();
        using var cache = new P256KeyCache(2);
        cache.Return(new P256KeyCache.KeyBytes(hot.PublicKey), hot.Import());
        cache.Return(new P256KeyCache.KeyBytes(hot.PublicKey), hot.Import());

        other.IsAcceptedBy(cache).Should().BeTrue();

        (cache.KeptFor(hot.PublicKey), cache.KeptFor(other.PublicKey)).Should().Be((1, 1));
        hot.IsAcceptedBy(cache).Should().BeTrue("the object that left is not the one still kept");
    }

    [Fact]
    public void An_object_that_comes_back_to_a_disposed_cache_is_disposed_of()
    {
        using var signer = new P256Signer();
        var cache = new P256KeyCache(2);
        var key = signer.Import();
        cache.Dispose();
        cache.Return(new P256KeyCache.KeyBytes(signer.PublicKey), key);

        cache.Count.Should().Be(0);
        ((Func<bool>)(() => key.VerifyHash(signer.Digest, signer.Signature))).Should().Throw<ObjectDisposedException>();
    }

    [Fact]
    public void Keys_that_differ_in_y_alone_are_two_even_if_their_hashes_were_one()
    {
        using var signer = new P256Signer();
        var mirrored = new P256KeyCache.KeyBytes(Changed(signer.PublicKey, 63));

        mirrored.Equals(new P256KeyCache.KeyBytes(signer.PublicKey)).Should().BeFalse();
        mirrored.Equals(new P256KeyCache.KeyBytes(Changed(signer.PublicKey, 63))).Should().BeTrue();
    }

    [Fact]
    public void A_capacity_below_one_throws()
    {
        var make = static () => new P256KeyCache(0);

        make.Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void A_disposed_cache_says_so()
    {
        using var signer = new P256Signer();
        var cache = new P256KeyCache(1);
        signer.IsAcceptedBy(cache);
        cache.Dispose();
        cache.Dispose();

        cache.Count.Should().Be(0);
        ((Func<bool>)(() => signer.IsAcceptedBy(cache))).Should().Throw<ObjectDisposedException>();
    }

    private static byte[] Changed(byte[] bytes, int index)
    {
        var changed = (byte[])bytes.Clone();
        changed[index] ^= 1;
        return changed;
    }

    private static void InterlockedMax(ref int most, int value)
    {
        var seen = Volatile.Read(ref most);
        while (value > seen)
        {
            var before = Interlocked.CompareExchange(ref most, value, seen);
            if (before == seen) return;
            seen = before;
        }
    }
}
