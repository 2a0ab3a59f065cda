using System.Security.Cryptography;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;
using SecuTicket.Node.Custody;
using SecuTicket.Node.Storage;

namespace SecuTicket.Benchmarks.World;

/// <summary>Accounts whose keys a node keeps, one for each fan of a world, who gives it half of the coins.</summary>
internal sealed class KeptFans
{
    private const long Coins = TicketWorld.Coins / 2;

    private readonly TicketWorld _world;
    private readonly KeptAccountCreated[] _accounts;
    private long _nextNonce;

    /// <summary>Makes the accounts in a world's data directory, on which no node runs.</summary>
    public KeptFans(TicketWorld world)
    {
        _world = world;
        using var directory = DataDirectory.Open(world.DataDirectory);
        using var database = SqliteDatabase.Open(directory.LedgerFile);
        var custody = new SqliteCustodyStore(database);
        using var key = KeyFile.OpenOrCreate(directory.KeyFile, custody.Count);
        using var accounts = new KeptAccounts(custody, key);
        _accounts = [.. world.Fans.Select(_ => accounts.Create(profile: null).Value)];
    }

    /// <summary>The account that buys a ticket.</summary>
    public Address BuyerOf(int ticket) => _accounts[ticket % _accounts.Length].Address;

    /// <summary>The gifts of the fans, as clients post them.</summary>
    public IEnumerable<byte[]> Gifts() => _world.Fans.Zip(_accounts, (fan, account) => Signer.BodyOf(fan.Sign(
        _world.Spec.ChainId, TransferCoins.TypeName, _world.ValidUntil, new("amount", JsonValue.Of(Coins)), new("recipient", JsonValue.Of(account.Address.ToString())))));

    /// <summary>The purchases of all tickets, each tagged with its buyer's secret, as clients post them.</summary>
    public IEnumerable<byte[]> Purchases() => _world.Tickets.Select((ticket, i) =>
    {
        var account = _accounts[i % _accounts.Length];
        var payload = JsonValue.Object(
        [
            new("chain_id", JsonValue.Of(_world.Spec.ChainId)),
            new("max_price", JsonValue.Of(TicketWorld.Price)),
            new("nonce", JsonValue.Of($"kept-{_nextNonce++:x16}")),
            new("sender", JsonValue.Of(account.Address.ToString())),
            new("ticket_id", JsonValue.Of(ticket.ToString())),
            new("type", JsonValue.Of(PurchaseTicket.TypeName)),
            new("valid_until", JsonValue.Of(_world.ValidUntil)),
        ]);
        var tag = HMACSHA256.HashData(Convert.FromHexString(account.Secret), CanonicalJson.Write(payload));
        return CanonicalJson.Write(payload.With("hmac", JsonValue.Of(Convert.ToHexStringLower(tag))));
    });
}
