using System.Globalization;
using System.Text;
using SecuTicket.Api.Queries;
using SecuTicket.Benchmarks.Load;
using SecuTicket.Core.Blocks;
using SecuTicket.Core.Primitives;
using SecuTicket.Node.Storage;

namespace SecuTicket.Benchmarks.World;

/// <summary>Every read of the API that has an answer of bounded size, and a purchase, as requests to a world.</summary>
/// <remarks>
/// Not here is what costs as much as it hands out or checks by its nature: <c>/chain/export</c>, <c>/chain/validate</c>, <c>/blocks</c> (which validates) and a whole roster; and what only
/// one holder can ask, with a signature of the last minute.
/// </remarks>
internal sealed class GrowthOperations
{
    private const int Requests = 100;
    private const int Seed = 20_261_126;
    private const string Holders = "tickets and their holders";
    private const string Events = "events and purchases";
    private const string Chain = "chain and node";

    private readonly Random _random = new(Seed);
    private readonly List<GrowthOperation> _operations = [];
    private readonly GrowthSubject _subject;
    private readonly IBlockStore _store;
    private readonly long _height;

    private GrowthOperations(GrowthSubject subject, IBlockStore store)
    {
        (_subject, _store) = (subject, store);
        _height = store.FindIndex(store.Load(subject.World.Spec).Tip)!.Value;
        AddHolders();
        AddEvents();
        AddChain();
    }

    /// <summary>Makes them.</summary>
    /// <param name="subject">What is asked about.</param>
    /// <param name="store">Its world's store, on which no node runs.</param>
    public static IReadOnlyList<GrowthOperation> Of(GrowthSubject subject, IBlockStore store) => new GrowthOperations(subject, store)._operations;

    private void AddHolders()
    {
        Get(Holders, "GET /tickets/{id}", "\"status\":\"sold\"", () => $"/tickets/{Draw(_subject.Held).Ticket}");
        Add(Holders, "POST /tickets/verify", 200, "\"valid\":true", Requests, (requests, _) =>
        {
            var (ticket, owner) = Draw(_subject.Held);
            requests.AddPost("/tickets/verify", Encoding.ASCII.GetBytes($$"""{"owner":"{{owner}}","ticket_id":"{{ticket}}"}"""));
        });
        Get(Holders, "GET /tickets/{id}/history?limit=10", "\"issue_tickets\"", () => $"/tickets/{Draw(_subject.Told)}/history?limit=10");
        Get(Holders, "GET /tickets/{id}/history from the middle on", "\"items\"", () => $"/tickets/{Draw(_subject.Told)}/history?limit=10&after={new HistoryPlace(_height / 2, 0, 0)}");
        Get(Holders, "GET /tickets/{id}/proof", "\"merkle_path\"", () => $"/tickets/{Draw(_subject.Told)}/proof");
        Get(Holders, "GET /accounts/{address}", "\"balance\"", () => $"/accounts/{Draw(_subject.Accounts)}");
        Get(Holders, "GET /accounts/{address}/tickets?limit=10", "\"items\"", () => $"/accounts/{Draw(_subject.Accounts)}/tickets?limit=10");
        Get(Holders, "GET /accounts/{address}/transactions?limit=10", "\"transaction_id\"", () => $"/accounts/{Draw(_subject.Actors)}/transactions?limit=10");
        Get(Holders, "GET /accounts/{sealer}/transactions from the middle", "\"reward\"", () => $"/accounts/{default(Address)}/transactions?limit=10&after={new HistoryPlace((_height / 2) + 1, 0, 0)}");
    }

    private void AddEvents()
    {
        var id = _subject.Event;
        Get(Events, "GET /events?limit=10", "\"items\"", () => "/events?limit=10");
        Get(Events, "GET /events/{id}", $"{id}", () => $"/events/{id}");
        Get(Events, "GET /events/{id}/stats", "\"sold\"", () => $"/events/{id}/stats");
        Get(Events, "GET /events/{id}/public?limit=10", "\"sold\"", () => $"/events/{id}/public?limit=10");
        Get(Events, "GET /events/{id}/tickets?limit=10", "\"seat\"", () => $"/events/{id}/tickets?limit=10");
        Get(Events, "GET /events/{id}/tickets?status=unsold&limit=10", "\"items\"", () => $"/events/{id}/tickets?status=unsold&limit=10");

        // Codes of some time ago: what is judged last of all is their time.
        Add(Events, "POST /gate/scan", 200, "\"result\":\"expired\"", Requests, (requests, _) =>
        {
            var ticket = _random.Next(_subject.Told.Count);
            var code = _subject.World.OwnerOf(ticket).CodeOf(_subject.World.Spec.ChainId, _subject.World.Tickets[ticket]);
            requests.AddPost("/gate/scan", Encoding.ASCII.GetBytes($$"""{"code":"{{code}}","gate":"{{_subject.World.Organiser.Address}}"}"""));
        });
        Get(Events, "GET /gate/roster?event_id=&since= the tip", "\"entries\":[]", () => $"/gate/roster?event_id={id}&since={_height}");

        // Each is another one's: a key is seen before only when its fan bought before.
        var buyers = _subject.World.Fans;
        Add(Events, "POST /tickets/purchase", 201, "\"transaction_id\"", _subject.ForSale.Count, (requests, i) =>
            requests.AddPost("/tickets/purchase", Signer.BodyOf(_subject.World.SignPurchase(_subject.ForSale[i], buyers[i % buyers.Length]))));
    }

    private void AddChain()
    {
        Get(Chain, "GET /transactions/{id}", "\"payload\"", () => $"/transactions/{DrawBlock().Transactions[0].Id}");
        Get(Chain, "GET /transactions/{id}/proof", "\"merkle_path\"", () => $"/transactions/{DrawBlock().Transactions[0].Id}/proof");
        Get(Chain, "GET /transactions/pending?limit=10", "\"items\"", () => "/transactions/pending?limit=10");
        Get(Chain, "GET /chain?limit=1", "\"chain\"", () => "/chain?limit=1");
        Get(Chain, "GET /chain?from=&limit=1 anywhere", "\"chain\"", () => $"/chain?from={DrawIndex()}&limit=1");
        Get(Chain, "GET /chain/blocks/{index}", "\"previous_hash\"", () => $"/chain/blocks/{DrawIndex()}");
        Get(Chain, "GET /chain/blocks/{hash}", "\"previous_hash\"", () => $"/chain/blocks/{DrawBlock().Hash}");
        Get(Chain, "GET /chain/headers?limit=10", "\"previous_hash\"", () => "/chain/headers?limit=10");
        Get(Chain, "GET /chain/headers?from=&limit=10 anywhere", "\"previous_hash\"", () => $"/chain/headers?from={DrawIndex()}&limit=10");
        Get(Chain, "GET /chain/spec", "\"chain_id\"", () => "/chain/spec");
        Get(Chain, "GET /info", "\"height\"", () => "/info");
        Get(Chain, "GET /nodes", "\"items\"", () => "/nodes");
        Get(Chain, "GET /health/ready", string.Empty, () => "/health/ready");
        Get(Chain, "GET /metrics", "secuticket_pending_transactions", () => "/metrics");
    }

    private void Get(string panel, string name, string expected, Func<string> path) => Add(panel, name, 200, expected, Requests, (requests, _) => requests.AddGet(path()));

    private void Add(string panel, string name, int status, string expected, int count, Action<RequestSet, int> add)
    {
        var requests = new RequestSet();
        for (var i = 0; i < count; i++) add(requests, i);
        _operations.Add(new GrowthOperation(panel, name, status, expected, requests));
    }

    private T Draw<T>(IReadOnlyList<T> among) => among[_random.Next(among.Count)];

    // Block 0 holds no transaction.
    private long DrawIndex() => _random.NextInt64(1, _height + 1);

    private Block DrawBlock()
    {
        var index = DrawIndex();
        var stored = _store.FindBlock(index) ?? throw new BenchmarkFailedException(string.Create(CultureInfo.InvariantCulture, $"Block {index} of a world is missing."));
        return Block.Decode(stored.Bytes.Span, int.MaxValue).Value;
    }
}
