using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using SecuTicket.Core.Primitives;
using SecuTicket.Node.Storage;

namespace SecuTicket.Api.Tests.Contract;

/// <summary>A whole node on a data directory: what was erased is in none of its files, while it runs and after it stopped.</summary>
public sealed class ErasureTests
{
    private const string Name = "Ada Lovelace of Marylebone";
    private const string Born = "1815-12-10";

    [Fact] // S1.8
    public async Task Of_an_identity_erased_or_replaced_nothing_is_left_in_any_file()
    {
        var folder = Directory.CreateTempSubdirectory("secuticket-").FullName;
        try
        {
            byte[][] gone;
            using (var node = new NodeFactory(folder: folder))
            {
                var created = await node.Api.PostAsync("/accounts", $$"""{"profile":{"name":"{{Name}}","born":"{{Born}}" } }""");
                Address.TryParse(created.GetProperty("address").GetString(), out var address).Should().BeTrue();
                using var kept = Wallet.Kept(address, created.GetProperty("secret").GetString()!);
                var own = node.OwnAccount("erased");
                var replacing = node.OwnAccount("replaced");
                foreach (var holder in new[] { own, replacing }) await PutAsync(node, holder, Name);
                gone = [.. new[] { kept, own, replacing }.SelectMany(holder => Sealed(folder, holder))];
                gone.Should().HaveCount(7, "a key and a record of each, and the fingerprint of the profile");
                Remains(folder, gone).Should().HaveCount(7, "otherwise this test looks in the wrong place");

                foreach (var holder in new[] { kept, own }) await node.AskSignedAsync(holder, HttpMethod.Delete, Path(holder));
                await PutAsync(node, replacing, "Somebody else");

                Remains(folder, gone).Should().BeEmpty();
                Remains(folder, Sealed(folder, replacing)).Should().HaveCount(2, "the new one is there");
                await node.SealAsync();
                Remains(folder, gone).Should().BeEmpty("what is written later brings nothing back");
            }

            Remains(folder, gone).Should().BeEmpty();
            Remains(folder, [Encoding.UTF8.GetBytes(Name), Encoding.UTF8.GetBytes(Born), "Lovelace"u8.ToArray(), "Somebody"u8.ToArray()]).Should().BeEmpty();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Path(Wallet holder) => $"/accounts/{holder.Id}/identity";

    private static Task<JsonElement> PutAsync(NodeFactory node, Wallet holder, string name) =>
        node.AskSignedAsync(holder, HttpMethod.Put, Path(holder), $$"""{"name":"{{name}}","born":"{{Born}}"}""");

    // What lies in the database of a holder, as somebody reads it who has the disk.
    private static IReadOnlyList<byte[]> Sealed(string folder, Wallet holder)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = System.IO.Path.Combine(folder, DataDirectory.LedgerName),
            Mode = SqliteOpenMode.ReadOnly,
            Pooling = false,
        }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT sealed_record_key, sealed_identity, fingerprint FROM identity WHERE address = $1";
        command.Parameters.AddWithValue("$1", holder.Address.Span.ToArray());
        using var row = command.ExecuteReader();
        row.Read().Should().BeTrue();
        return [.. Enumerable.Range(0, 3).Where(column => !row.IsDBNull(column)).Select(column => (byte[])row[column])];
    }

    // Which of these have their first or last 16 bytes in a file of the data directory; the lock file can not be read and holds a process id.
    private static IReadOnlyList<byte[]> Remains(string folder, IReadOnlyList<byte[]> pieces)
    {
        var contents = Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Where(file => System.IO.Path.GetFileName(file) != DataDirectory.LockName).Select(file =>
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            var content = new byte[stream.Length];
            stream.ReadExactly(content);
            return content;
        }).ToArray();
        return [.. pieces.Where(piece => contents.Any(content => content.AsSpan().IndexOf(piece.AsSpan(0, Math.Min(16, piece.Length))) >= 0 || content.AsSpan().IndexOf(piece.AsSpan(Math.Max(0, piece.Length - 16))) >= 0))];
    }
}
