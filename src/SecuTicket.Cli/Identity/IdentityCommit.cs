using System.CommandLine;
using System.Text;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Cli.Identity;

/// <summary><c>secuticket identity commit</c></summary>
internal static class IdentityCommit
{
    /// <summary>The command.</summary>
    public static Command Build(Tool tool)
    {
        var file = new Argument<string>("file") { Description = "A file with the identity, a JSON object of at most 16 KiB; - for standard input." };
        var salt = Symbols.Hash("--salt", "The salt, to compute a commitment again; a new random one when left out.");
        return tool.Command(
            "commit",
            "Compute a commitment to an identity on this machine, for --identity-commitment: nothing is sent. Keep the salt and the file; with both a gate can check it.",
            [file, salt],
            (run, _) => Task.FromResult(Do(run, run.Get(file)!, run.Get(salt))));
    }

    private static int Do(Run run, string file, string? named)
    {
        if (!TextFile.Read(run, file).TryGet(out var text, out var refusal)) return run.Fail(refusal);
        if (!CanonicalJson.ParseAny(Encoding.UTF8.GetBytes(text)).TryGet(out var identity, out refusal)) return run.Fail(refusal with { Code = FailureCodes.File });
        if (!IdentityCommitment.Canonical(identity).TryGet(out var canonical, out refusal)) return run.Fail(refusal with { Code = FailureCodes.File });

        var salt = SaltOf(run, named);
        var commitment = IdentityCommitment.Of(salt, canonical);
        if (run.Json) run.Printer.Line(JsonValue.Object(new PayloadFields { { "commitment", commitment.ToString() }, { "salt", salt.ToString() } }).ToString());
        else run.Printer.Fields(("commitment", commitment.ToString()), ("salt", salt.ToString()));
        return ExitCode.Done;
    }

    private static Hash256 SaltOf(Run run, string? named)
    {
        if (named is not null && Hash256.TryParse(named, out var given)) return given;

        Span<byte> salt = stackalloc byte[IdentityCommitment.SaltSize];
        run.Surroundings.FillRandom(salt);
        return new Hash256(salt);
    }
}
