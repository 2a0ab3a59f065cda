using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.DependencyInjection;
using SecuTicket.Api.Limits;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Api.Tests.Edge;

public sealed class LargeBodiesTests : IDisposable
{
    private static readonly IPAddress One = IPAddress.Parse("192.0.2.1");
    private static readonly IPAddress Other = IPAddress.Parse("192.0.2.2");

    private readonly LargeBodies _places = new();
    private readonly ServiceProvider _services;

    public LargeBodiesTests() => _services = new ServiceCollection().AddSingleton(_places).BuildServiceProvider();

    public void Dispose() => _services.Dispose();

    [Fact]
    public async Task An_address_holds_so_many_large_bodies_and_the_next_waits_until_one_is_done()
    {
        var held = await ReadManyAsync(One, LargeBodies.PerAddress);
        var next = ReadAsync(One, LargeBodies.FreeBytes + 1);

        next.IsCompleted.Should().BeFalse();
        using (var small = await ReadAsync(One, LargeBodies.FreeBytes)) small.Memory.Length.Should().Be(LargeBodies.FreeBytes, "a small one needs no place");
        using (await ReadAsync(Other, LargeBodies.FreeBytes + 1)) next.IsCompleted.Should().BeFalse();
        held[0].Dispose();
        using var read = await next;
        read.Memory.Length.Should().Be(LargeBodies.FreeBytes + 1);
    }

    [Fact]
    public async Task Many_addresses_hold_so_many_in_all()
    {
        for (var address = 0; address < LargeBodies.All / LargeBodies.PerAddress; address++) await ReadManyAsync(new IPAddress([198, 51, 100, (byte)address]), LargeBodies.PerAddress);

        ReadAsync(Other, LargeBodies.FreeBytes + 1).IsCompleted.Should().BeFalse();
        using var small = await ReadAsync(Other, LargeBodies.FreeBytes);
    }

    [Fact]
    public async Task A_place_comes_back_from_a_body_that_is_refused_or_never_comes_to_its_end()
    {
        for (var i = 0; i < 2 * LargeBodies.PerAddress; i++)
        {
            (await BodyReader.ReadAsync(Request(One, new MemoryStream(new byte[LargeBodies.FreeBytes + 100])), new BodyRule(LargeBodies.FreeBytes + 50, BodyRule.JsonMediaType, false))).Refusal!.Code.Should().Be("too_large");
            await FluentActions.Awaiting(() => BodyReader.ReadAsync(Request(One, new BrokenStream(LargeBodies.FreeBytes + 1)), Rule).AsTask()).Should().ThrowAsync<IOException>();
        }

        using var read = await ReadAsync(One, LargeBodies.FreeBytes + 1);
    }

    [Fact]
    public async Task When_too_many_wait_the_next_is_told_to_come_again()
    {
        await ReadManyAsync(One, LargeBodies.PerAddress);
        using var gone = new CancellationTokenSource();
        var waiting = new List<Task>();
        Refusal? refusal = null;
        while (refusal is null && waiting.Count < 1000)
        {
            var read = BodyReader.ReadAsync(Request(One, new MemoryStream(new byte[LargeBodies.FreeBytes + 1])), Rule, gone.Token).AsTask();
            if (read.IsCompleted) refusal = (await read).Refusal;
            else waiting.Add(read);
        }

        refusal!.Code.Should().Be("rate_limited");
        await gone.CancelAsync();
        foreach (var one in waiting) await FluentActions.Awaiting(() => one).Should().ThrowAsync<OperationCanceledException>();
    }

    [Theory]
    [InlineData("HTTP/1.1", true)]
    [InlineData("HTTP/2", false)]
    public async Task Its_sender_must_be_quicker_where_that_can_be_asked_of_one_request(string protocol, bool isAsked)
    {
        var request = Request(One, new MemoryStream(new byte[LargeBodies.FreeBytes + 1]));
        var rate = new Rate(isAsked);
        request.Protocol = protocol;
        request.HttpContext.Features.Set<IHttpMinRequestBodyDataRateFeature>(rate);

        (await BodyReader.ReadAsync(request, Rule)).Value.Dispose();

        if (isAsked) rate.MinDataRate!.BytesPerSecond.Should().Be(LargeBodies.LeastBytesPerSecond);
    }

    private static BodyRule Rule { get; } = new(4 * 1024 * 1024, BodyRule.JsonMediaType, false);

    private async Task<List<RequestBody>> ReadManyAsync(IPAddress address, int count)
    {
        var bodies = new List<RequestBody>();
        for (var i = 0; i < count; i++) bodies.Add(await ReadAsync(address, LargeBodies.FreeBytes + 1));
        return bodies;
    }

    private async Task<RequestBody> ReadAsync(IPAddress address, int bytes) => (await BodyReader.ReadAsync(Request(address, new MemoryStream(new byte[bytes])), Rule)).Value;

    private HttpRequest Request(IPAddress address, Stream body)
    {
        var context = new DefaultHttpContext { RequestServices = _services };
        context.Connection.RemoteIpAddress = address;
        context.Request.Body = body;
        context.Request.ContentType = BodyRule.JsonMediaType;
        return context.Request;
    }

    // As Kestrel's is: over HTTP/2 it throws.
    private sealed class Rate(bool isSupported) : IHttpMinRequestBodyDataRateFeature
    {
        private MinDataRate? _rate = new(1_024, TimeSpan.FromSeconds(5));

        public MinDataRate? MinDataRate
        {
            get => isSupported ? _rate : throw new NotSupportedException();
            set => _rate = isSupported ? value : throw new NotSupportedException();
        }
    }

    private sealed class BrokenStream(int bytes) : MemoryStream(new byte[bytes])
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            await base.ReadAsync(buffer, cancellationToken) is var read and > 0 ? read : throw new IOException("The client went away.");
    }
}
