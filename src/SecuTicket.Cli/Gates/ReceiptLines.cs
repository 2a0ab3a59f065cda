using SecuTicket.Core.Encoding;
using SecuTicket.Core.Gate;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Cli.Gates;

/// <summary>The receipts in a file, one a line, read and checked: form, signature, and that each follows the one before.</summary>
/// <param name="Receipts">The receipts, oldest first.</param>
/// <param name="Log">What they say the gate did.</param>
/// <param name="Size">Bytes of their lines.</param>
/// <param name="TornSize">Bytes after them of a line whose writing was cut off: its result was never shown to anybody.</param>
internal sealed record ReceiptLines(IReadOnlyList<SignedReceipt> Receipts, GateLog Log, long Size, int TornSize)
{
    /// <summary>Most bytes of a file: about half a million scans.</summary>
    public const int MaxSize = 512 * 1024 * 1024;

    private const byte LineEnd = (byte)'\n';

    /// <summary>Reads those of a gate.</summary>
    /// <param name="folder">The gate's folder.</param>
    /// <param name="gate">The gate.</param>
    /// <param name="pin">The event and chain.</param>
    /// <param name="verifier">Checks signatures.</param>
    /// <returns>As <see cref="Read(string, GateScope, TransactionVerifier)"/>; and <c>wallet</c> when the receipts are another gate's.</returns>
    public static Verdict<ReceiptLines> Read(GateFolder folder, Address gate, GatePin pin, TransactionVerifier verifier)
    {
        if (GateOf(folder, pin, verifier) is { } other && other != gate)
            return new Refusal(FailureCodes.Wallet, $"The receipts in '{folder.Path}' are of gate {other}, the wallet is {gate}: use that gate's wallet, or another --gate-directory.");

        return Read(folder.ReceiptsFile, new GateScope(pin.ChainId, gate, pin.Event), verifier);
    }

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file; none is as good as an empty one.</param>
    /// <param name="scope">Whose receipts they should be.</param>
    /// <param name="verifier">Checks signatures.</param>
    /// <returns>The receipts; or <c>file</c> when there are too many; or what is wrong with which line.</returns>
    public static Verdict<ReceiptLines> Read(string path, GateScope scope, TransactionVerifier verifier)
    {
        if (!File.Exists(path)) return new ReceiptLines([], GateLog.Empty(scope), 0, 0);
        if (new FileInfo(path).Length > MaxSize) return new Refusal(FailureCodes.File, $"'{path}' is larger than {MaxSize} bytes: report it, and go on with another --gate-directory and wallet.");

        ReadOnlyMemory<byte> bytes = ReadAll(path);
        var lines = LinesOf(bytes, out var torn);
        var read = new Verdict<SignedReceipt>[lines.Count];
        Parallel.For(0, read.Length, i => read[i] = ReadOne(lines[i].Span, scope, verifier));

        var receipts = new SignedReceipt[read.Length];
        var log = GateLog.Empty(scope);
        for (var i = 0; i < read.Length; i++)
        {
            if (!read[i].TryGet(out var one, out var refusal)) return At(path, i, refusal);
            if (!log.With(one.Receipt).TryGet(out log!, out refusal)) return At(path, i, refusal);

            receipts[i] = one;
        }

        return new ReceiptLines(receipts, log, bytes.Length - torn, torn);
    }

    /// <summary>The gate that signed the first receipt of a folder; null when there is none, or it is damaged.</summary>
    public static Address? GateOf(GateFolder folder, GatePin pin, TransactionVerifier verifier)
    {
        if (!File.Exists(folder.ReceiptsFile)) return null;

        var start = new byte[CanonicalJson.MaxSize];
        using var file = new FileStream(folder.ReceiptsFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var line = start.AsSpan(0, file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false));
        line = line[..Math.Max(0, line.IndexOf(LineEnd))];
        if (!CanonicalJson.Parse(line).TryGet(out var json, out _)) return null;

        var signed = SignedReceipt.Read(FieldReader.Of(json), new GateScope(pin.ChainId, default, pin.Event));
        if (signed.Proof is not ReceiptProof.P256 { Key: var key }) return null;

        var scope = signed.Receipt.Scope with { Gate = Address.Of(key) };
        return ReadOne(line, scope, verifier).IsAccepted ? scope.Gate : null;
    }

    /// <summary>The line of a receipt, its end included.</summary>
    public static byte[] LineOf(SignedReceipt receipt) => [.. CanonicalJson.Write(receipt.ToJson()), LineEnd];

    private static Verdict<SignedReceipt> ReadOne(ReadOnlySpan<byte> line, GateScope scope, TransactionVerifier verifier)
    {
        if (!CanonicalJson.ParseCanonical(line).TryGet(out var json, out var refusal)) return refusal;

        var fields = FieldReader.Of(json);
        var receipt = SignedReceipt.Read(fields, scope);
        if (fields.Finish() is { } fault) return fault;

        var verdict = receipt.Verify(verifier);
        return verdict.IsAccepted ? receipt : verdict.Refusal;
    }

    // Another process may be adding lines.
    private static byte[] ReadAll(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }

    // A line is flushed before the next one is begun, so only the last one can be torn: its end is missing, or was written and some of it was not.
    private static List<ReadOnlyMemory<byte>> LinesOf(ReadOnlyMemory<byte> bytes, out int torn)
    {
        var lines = new List<ReadOnlyMemory<byte>>();
        var start = 0;
        for (var end = bytes.Span.IndexOf(LineEnd); end >= 0; end = bytes.Span[start..].IndexOf(LineEnd))
        {
            lines.Add(bytes.Slice(start, end));
            start += end + 1;
        }

        torn = bytes.Length - start;
        if (torn == 0 && lines.Count > 0 && lines[^1].Span.Contains((byte)0))
        {
            torn = lines[^1].Length + 1;
            lines.RemoveAt(lines.Count - 1);
        }

        return lines;
    }

    private static Refusal At(string path, int index, Refusal refusal) => refusal with
    {
        Detail = $"Line {index + 1} of '{path}' is not what this gate wrote: {refusal.Detail} Somebody changed the receipts, so nothing is scanned on them: keep the file for the organiser, and go on with another --gate-directory and wallet.",
    };
}
