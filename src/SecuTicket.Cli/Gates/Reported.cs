using SecuTicket.Core.Encoding;
using SecuTicket.Core.Gate;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Cli.Gates;

/// <summary>How far a gate's receipts are reported.</summary>
/// <param name="Redeemed">Of that many receipts, from the first, admissions are on the chain, or in conflict with one that is.</param>
/// <param name="Uploaded">That many receipts, from the first, are at the node.</param>
/// <param name="Last">Hash of the last one uploaded; zero when there is none.</param>
internal sealed record Reported(int Redeemed, int Uploaded, Hash256 Last)
{
    private const int MaxSize = 1024;

    /// <summary>Reads it; nothing is reported when there is no file.</summary>
    /// <param name="folder">The gate's folder.</param>
    /// <param name="kept">The gate's receipts.</param>
    /// <returns>It; <c>file</c> when the file is damaged; <c>receipt_gap</c> when receipts that were uploaded are not there any more.</returns>
    public static Verdict<Reported> Load(GateFolder folder, ReceiptLines kept)
    {
        if (!File.Exists(folder.ReportedFile)) return new Reported(0, 0, Hash256.Zero);
        if (new FileInfo(folder.ReportedFile).Length > MaxSize || !CanonicalJson.Parse(File.ReadAllBytes(folder.ReportedFile)).TryGet(out var json, out _)) return Damaged(folder);

        var fields = FieldReader.Of(json);
        var reported = new Reported((int)fields.Integer("redeemed", 0, int.MaxValue), (int)fields.Integer("uploaded", 0, int.MaxValue), fields.OptionalHash("last") ?? Hash256.Zero);
        if (fields.Finish() is not null) return Damaged(folder);

        var most = Math.Max(reported.Redeemed, reported.Uploaded);
        if (most > kept.Receipts.Count || (reported.Uploaded > 0 && kept.Receipts[reported.Uploaded - 1].Receipt.Hash != reported.Last))
        {
            return new Refusal(
                GateRefusals.ReceiptGap,
                $"'{folder.ReceiptsFile}' has {kept.Receipts.Count} receipts, and {most} were reported, the last uploaded one being {reported.Last}: some are missing. Put the file back, or go on with another --gate-directory and wallet.");
        }

        return reported;
    }

    /// <summary>Writes it down.</summary>
    public void Save(GateFolder folder) => GateFolder.Replace(
        folder.ReportedFile,
        JsonValue.Object([new("redeemed", JsonValue.Of(Redeemed)), new("uploaded", JsonValue.Of(Uploaded)), new("last", JsonValue.Of(Last.ToString()))]).ToString());

    private static Refusal Damaged(GateFolder folder) => new(FailureCodes.File, $"'{folder.ReportedFile}' is damaged. Delete it: what was reported is only reported again, which changes nothing.");
}
