using System.Net;
using Microsoft.Data.Sqlite;
using SecuTicket.Api.Tests.Edge;

namespace SecuTicket.Api.Tests.Contract;

/// <summary>Whatever is changed on the disk behind the node's back, <c>GET /chain/validate</c> finds it and says where (S3.2, S3.3).</summary>
public sealed class TamperTests(TamperTests.SmallChain chain) : IClassFixture<TamperTests.SmallChain>
{
    private const int Tip = 4;

    [Fact]
    [Trait("Length", "longer")]
    public async Task Every_byte_of_every_stored_block_is_covered()
    {
        using var disk = Open(chain.Node.Folder);
        (await ValidateAsync(chain.Node)).Should().Be("valid 5");

        for (var index = 0; index <= Tip; index++)
        {
            foreach (var column in new[] { "header", "body", "hash", "weight" })
            {
                var honest = (byte[])Ask(disk, $"SELECT {column} FROM block WHERE block_index = {index}");
                for (var at = 0; at < honest.Length; at++)
                {
                    var bytes = honest.ToArray();
                    bytes[at] ^= (byte)(1 << (at % 8));
                    Run(disk, $"UPDATE block SET {column} = $1 WHERE block_index = {index}", bytes);

                    (await ValidateAsync(chain.Node)).Should().Be($"invalid {index}", "byte {0} of the {1} of block {2} was changed", at, column, index);
                }

                Run(disk, $"UPDATE block SET {column} = $1 WHERE block_index = {index}", honest);
            }

            (await ValidateAsync(chain.Node)).Should().Be("valid 5", "everything of block {0} is as it was", index);
        }
    }

    [Theory]
    [InlineData("a byte more", 2, "UPDATE block SET body = body || x'00' WHERE block_index = 2")]
    [InlineData("no bytes but a text", 2, "UPDATE block SET body = 'text' WHERE block_index = 2")]
    [InlineData("nothing at all", 2, "UPDATE block SET hash = x'' WHERE block_index = 2")]
    [InlineData("a byte less", 2, "UPDATE block SET body = substr(body, 1, length(body) - 1) WHERE block_index = 2")]
    [InlineData("no body", 3, "UPDATE block SET body = x'' WHERE block_index = 3")]
    [InlineData("no header", 3, "UPDATE block SET header = x'' WHERE block_index = 3")]
    [InlineData("one in the middle is gone", 2, "DELETE FROM block WHERE block_index = 2")]
    [InlineData("genesis is gone", 0, "DELETE FROM block WHERE block_index = 0")]
    [InlineData("the tip is gone", 4, "DELETE FROM block WHERE block_index = 4")]
    [InlineData("all are gone", 0, "DELETE FROM block")]
    [InlineData("two changed places", 2, "UPDATE block SET block_index = -2 WHERE block_index = 2; UPDATE block SET block_index = 2 WHERE block_index = 3; UPDATE block SET block_index = 3 WHERE block_index = -2")]
    [InlineData("two bodies changed places", 2, "UPDATE block SET body = (SELECT other.body FROM block AS other WHERE other.block_index = 5 - block.block_index) WHERE block_index IN (2, 3)")]
    [InlineData("one stands where the next should", 3, "UPDATE block SET header = (SELECT header FROM block WHERE block_index = 2), body = (SELECT body FROM block WHERE block_index = 2) WHERE block_index = 3")]
    [InlineData("one follows that the node never made", 5, "INSERT INTO block SELECT 5, x'00', weight, header, body FROM block WHERE block_index = 4")]
    public async Task Blocks_that_were_moved_cut_or_taken_away_are_found(string what, int index, string sql)
    {
        using var disk = Open(chain.Node.Folder);
        Run(disk, "CREATE TEMP TABLE honest AS SELECT * FROM block");

        Run(disk, sql);

        (await ValidateAsync(chain.Node)).Should().Be($"invalid {index}", what);
        Run(disk, "DELETE FROM block; INSERT INTO block SELECT * FROM honest");
        (await ValidateAsync(chain.Node)).Should().Be("valid 5");
    }

    [Fact]
    public async Task A_block_that_is_gone_is_not_passed_over()
    {
        using var disk = Open(chain.Node.Folder);
        Run(disk, "CREATE TEMP TABLE honest AS SELECT * FROM block; DELETE FROM block WHERE block_index = 2");

        foreach (var path in new[] { "/chain?from=0", "/chain?from=1&limit=1", "/chain?from=2", "/chain/headers", "/chain/headers?from=0&limit=2" })
        {
            using var answer = await chain.Node.Api.SendAsync(HttpMethod.Get, path, null);
            (await answer.ShouldBeProblemAsync(HttpStatusCode.ServiceUnavailable, "storage_failed")).GetProperty("detail").GetString().Should().StartWith("Block 2 ", path);
            answer.Headers.RetryAfter!.Delta.Should().Be(TimeSpan.FromSeconds(1));
        }

        Run(disk, "DELETE FROM block; INSERT INTO block SELECT * FROM honest");
        (await chain.Node.Api.GetAsync("/chain?from=0")).GetProperty("length").GetInt64().Should().Be(5);
    }

    [Theory]
    [InlineData("UPDATE balance SET amount = amount + 1 WHERE account = (SELECT account FROM balance LIMIT 1)")]
    [InlineData("INSERT INTO balance VALUES (x'00000000000000000000000000000000000000aa', 1)")]
    [InlineData("DELETE FROM balance WHERE account = (SELECT account FROM balance LIMIT 1)")]
    [InlineData("UPDATE ticket_page SET tickets = CAST(substr(tickets, 1, 41) || x'00000000000000000000000000000000000000aa' || substr(tickets, 62) AS BLOB)")] // its owner
    [InlineData("UPDATE ticket_page SET tickets = CAST(substr(tickets, 1, 5) || x'0000000000000001' || substr(tickets, 14) AS BLOB)")] // its face price
    [InlineData("UPDATE ticket_page SET tickets = CAST(substr(tickets, 1, 24) || x'01' || substr(tickets, 26) AS BLOB)")] // whether it was paid
    [InlineData("DELETE FROM ticket_page")]
    [InlineData("DELETE FROM tally")]
    [InlineData("UPDATE head SET supply = supply + 1")]
    [InlineData("DELETE FROM used_reference")]
    [InlineData("DELETE FROM seen WHERE block_index = 2")]
    public async Task A_ledger_that_is_not_what_the_blocks_give_is_found_after_a_restart(string sql)
    {
        using var restarted = chain.Restart(folder =>
        {
            using var disk = Open(folder);
            Run(disk, sql);
        });
        var answer = await restarted.Api.GetAsync("/chain/validate");
        answer.GetProperty("valid").GetBoolean().Should().BeFalse();
        answer.GetProperty("code").GetString().Should().Be("state_mismatch");
        answer.GetProperty("first_invalid_index").GetInt64().Should().Be(chain.SettledTip);
        answer.GetProperty("detail").GetString().Should().Contain("restore the data directory");
    }

    [Fact]
    public async Task A_lone_genesis_is_valid_and_runs_share_one_answer() // S3.2
    {
        using var node = new NodeFactory();

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => ValidateAsync(node)));

        answers.Should().OnlyContain(answer => answer == "valid 1");
    }

    private static async Task<string> ValidateAsync(NodeFactory node)
    {
        var answer = await node.Api.GetAsync("/chain/validate");
        if (answer.GetProperty("valid").GetBoolean()) return $"valid {answer.GetProperty("length")}";

        answer.GetProperty("code").GetString().Should().NotBeNullOrEmpty();
        answer.GetProperty("detail").GetString().Should().NotBeNullOrEmpty();
        return $"invalid {answer.GetProperty("first_invalid_index")}";
    }

    // The attacker's hands: nothing here needs to survive a power cut.
    private static SqliteConnection Open(string folder)
    {
        var disk = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Directory.GetFiles(folder, "*.db").Single(), Pooling = false }.ToString());
        disk.Open();
        Run(disk, "PRAGMA synchronous = OFF");
        return disk;
    }

    private static object Ask(SqliteConnection disk, string sql)
    {
        using var command = disk.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar()!;
    }

    private static void Run(SqliteConnection disk, string sql, byte[]? value = null)
    {
        using var command = disk.CreateCommand();
        command.CommandText = sql;
        if (value is not null) command.Parameters.AddWithValue("$1", value);
        command.ExecuteNonQuery();
    }

    /// <summary>Money, an event, its ticket, a sale: one block each.</summary>
    public sealed class SmallChain : IAsyncLifetime
    {
        private readonly string _closed = Directory.CreateTempSubdirectory("secuticket-").FullName;

        /// <summary>The node that made them, with its disk.</summary>
        public NodeFactory Node { get; private set; } = null!;

        /// <summary>Where the chain of the nodes that are restarted ends.</summary>
        public long SettledTip { get; private set; }

        public async Task InitializeAsync()
        {
            using (var first = new NodeFactory(folder: _closed)) await GrowAsync(first);

            Node = new NodeFactory(folder: Copy(_closed));

            // The ledger's tables follow some blocks behind the tip; only what they hold can be changed in them.
            using var second = new NodeFactory(folder: _closed);
            using var disk = Open(_closed);
            while ((long)Ask(disk, "SELECT tip - settled FROM head") > 0) SettledTip = (await second.SealAsync()).Header.Index;
        }

        public Task DisposeAsync()
        {
            Node.Dispose();
            Directory.Delete(Node.Folder, recursive: true);
            Directory.Delete(_closed, recursive: true);
            return Task.CompletedTask;
        }

        /// <summary>The same node, some blocks later, started anew on a disk that was changed meanwhile.</summary>
        public RestartedNode Restart(Action<string> change)
        {
            var folder = Copy(_closed);
            change(folder);
            return new RestartedNode(folder);
        }

        private static async Task GrowAsync(NodeFactory node)
        {
            var (organiser, fan) = (node.OwnAccount("organiser"), node.KeepAccount());
            await node.TopUpAsync(fan, 10);
            await node.SealAsync();
            var created = await node.Api.PostAsync("/transactions", organiser, "create_event", new { name = "E", venue = "V", sessions = new[] { new { date = "2027-06-15", time = "19:00" } } });
            await node.SealAsync();
            var issued = await node.Api.PostAsync("/transactions", organiser, "issue_tickets", new { event_id = created.GetProperty("event_id").GetString(), session = 0, seats = new[] { "A" }, price = 9 });
            await node.SealAsync();
            await node.Api.PostAsync("/transactions", fan, "purchase_ticket", new { ticket_id = issued.GetProperty("ticket_ids")[0].GetString(), max_price = 9 });
            await node.SealAsync();
            node.Node.Snapshot.Tip.Index.Should().Be(Tip);
        }

        // With the modes of the files: the node refuses a key file that others may read.
        private static string Copy(string folder)
        {
            var copy = Directory.CreateTempSubdirectory("secuticket-").FullName;
            foreach (var file in Directory.GetFiles(folder)) File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
            return copy;
        }
    }

    public sealed class RestartedNode(string folder) : IDisposable
    {
        private readonly NodeFactory _node = new(folder: folder);

        public ApiClient Api => _node.Api;

        public void Dispose()
        {
            _node.Dispose();
            Directory.Delete(folder, recursive: true);
        }
    }
}
