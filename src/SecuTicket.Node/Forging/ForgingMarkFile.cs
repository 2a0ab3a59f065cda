using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;
using SecuTicket.Node.Custody;
using SecuTicket.Node.Storage;

namespace SecuTicket.Node.Forging;

/// <summary>The file that holds how far a key has signed on a chain: replaced in one step, and durable before <see cref="Write"/> returns.</summary>
/// <remarks>It is named after the account, so that another key begins with another file.</remarks>
/// <param name="folder">The data directory.</param>
/// <param name="account">Whose key it is.</param>
public sealed class ForgingMarkFile(string folder, Address account)
{
    private const int MaxSize = 4_096;

    /// <summary>Where it lies.</summary>
    public string Path { get; } = System.IO.Path.Combine(folder, $"forging-{account.ToString().ToLowerInvariant()}.json");

    /// <summary>What was written last; null when nothing ever was, or it was taken away.</summary>
    /// <exception cref="KeyFileException">It can not be read, or is no such file: then nobody knows what was signed.</exception>
    public ForgingMark? Read()
    {
        try
        {
            if (!File.Exists(Path)) return null;
            if (new FileInfo(Path).Length <= MaxSize && CanonicalJson.Parse(File.ReadAllBytes(Path)).TryGet(out var json, out _) && Read(json) is { } mark) return mark;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(failure.Message, failure);
        }

        throw Unreadable("it is damaged");
    }

    /// <summary>Writes.</summary>
    /// <exception cref="IOException">It could not be written: nothing may be signed.</exception>
    public void Write(ForgingMark mark)
    {
        var json = CanonicalJson.Write(JsonValue.Object(
        [
            new("slot", JsonValue.Of(mark.Slot)),
            new("block", JsonValue.Of(mark.Block.ToString())),
            new("source", JsonValue.Of(mark.Source)),
            new("target", JsonValue.Of(mark.Target)),
            new("target_block", JsonValue.Of(mark.TargetBlock.ToString())),
            new("vote_slot", JsonValue.Of(mark.VoteSlot)),
            new("votes_above", JsonValue.Of(mark.VotesAbove)),
        ]));
        DurableFiles.Create(Path, unfinished => File.WriteAllBytes(unfinished, json), replace: true);
    }

    private static ForgingMark? Read(JsonValue json)
    {
        if (json.Kind != JsonKind.Object) return null;

        var fields = FieldReader.Of(json);
        var mark = new ForgingMark(
            fields.Integer("slot", 0, CanonicalJson.MaxInteger), fields.Hash("block"),
            fields.Integer("source", 0, CanonicalJson.MaxInteger), fields.Integer("target", 0, CanonicalJson.MaxInteger), fields.Hash("target_block"),
            fields.Integer("vote_slot", 0, CanonicalJson.MaxInteger))
        {
            // Marks of before did not keep it.
            VotesAbove = fields.OptionalInteger("votes_above", 0, CanonicalJson.MaxInteger) ?? ForgingMark.Unknown,
        };
        return fields.Finish() is null ? mark : null;
    }

    private KeyFileException Unreadable(string why, Exception? failure = null) => new(
        $"The file '{Path}', which says how far the forging key has signed, can not be read ({why}). Put it back from where it was last; without it take it away, and the node waits for an epoch before it votes.", failure);
}
