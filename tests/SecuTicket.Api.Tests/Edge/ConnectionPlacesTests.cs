using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using SecuTicket.Api.Limits;
using static SecuTicket.Api.Tests.Contract.WritesScenario;

namespace SecuTicket.Api.Tests.Edge;

/// <summary>One client can not keep all others out by holding connections.</summary>
public sealed class ConnectionPlacesTests
{
    private static readonly IPAddress Stranger = IPAddress.Parse("203.0.113.1");
    private static readonly IPAddress Fan = IPAddress.Parse("::ffff:198.51.100.7");

    [Fact]
    public async Task A_connection_too_many_is_closed_unread_and_one_that_ends_makes_room()
    {
        await using var host = await EdgeHost.StartAsync(onKestrel: true, settings: [("Limits:Connections", "2")]);
        var places = host.Service<ConnectionPlaces>();
        var address = host.Client.BaseAddress!;
        using var first = await OpenAsync(address);
        using var second = await OpenAsync(address);
        (await AskAsync(first)).Should().Be("HTTP/1.1 200 OK");
        (await AskAsync(second)).Should().Be("HTTP/1.1 200 OK");

        using (var third = await OpenAsync(address)) (await AskAsync(third)).Should().BeNull();

        (places.Count, places.TurnedAway).Should().Be((2, 1));
        second.Dispose();
        await UntilAsync(() => places.Count == 1);
        using var fourth = await OpenAsync(address);
        (await AskAsync(fourth)).Should().Be("HTTP/1.1 200 OK");
    }

    [Fact]
    public async Task The_address_that_has_the_most_loses_its_latest_to_one_that_has_fewer()
    {
        var places = new ConnectionPlaces(Options.Create(new LimitOptions { Connections = 3 }));
        var served = new List<ConnectionContext>();
        var over = new TaskCompletionSource();
        var connect = places.Before(connection =>
        {
            served.Add(connection);
            return over.Task;
        });
        var strangers = Enumerable.Range(0, 3).Select(_ => From(Stranger)).ToArray();
        var all = strangers.Select(one => connect(one)).ToList();

        var fan = From(Fan);
        all.Add(connect(fan));

        served.Should().Equal([.. strangers, fan]);
        await UntilAsync(() => strangers[2].ConnectionClosed.IsCancellationRequested);
        strangers.Select(one => one.ConnectionClosed.IsCancellationRequested).Should().Equal(false, false, true);
        (places.Count, places.TurnedAway).Should().Be((3, 1));
        over.SetResult();
        await Task.WhenAll(all);
        (places.Count, places.TurnedAway).Should().Be((0, 1));
    }

    private static DefaultConnectionContext From(IPAddress address) => new() { RemoteEndPoint = new IPEndPoint(address, 40_000) };

    private static async Task<TcpClient> OpenAsync(Uri address)
    {
        var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port);
        return client;
    }

    // The status line; null when the connection was closed instead.
    private static async Task<string?> AskAsync(TcpClient client)
    {
        try
        {
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes("GET /events HTTP/1.1\r\nHost: node\r\n\r\n"));
            return await new StreamReader(client.GetStream()).ReadLineAsync();
        }
        catch (IOException)
        {
            return null;
        }
    }
}
