using SecuTicket.Cli.Wallets;
using SecuTicket.Core.Gate;

namespace SecuTicket.Cli.Gates;

/// <summary>Judges what is scanned, with no network, and writes a signed receipt of it before anybody learns the result.</summary>
/// <param name="judge">Judges codes.</param>
/// <param name="roster">The tickets.</param>
/// <param name="wallet">The gate's.</param>
/// <param name="receipts">Where receipts go.</param>
/// <param name="clock">Tells the time.</param>
internal sealed class Turnstile(GateJudge judge, GateRoster roster, Wallet wallet, ReceiptFile receipts, TimeProvider clock)
{
    private readonly int[] _counts = new int[GateResultWords.All.Count];

    /// <summary>Scans so far.</summary>
    public int Scans => _counts.Sum();

    /// <summary>How often a result was given.</summary>
    public int CountOf(GateResult result) => _counts[(int)result];

    /// <summary>Judges one scan.</summary>
    /// <param name="scanned">What was scanned, whatever it is.</param>
    /// <returns>What was found, when its receipt is durable.</returns>
    /// <exception cref="IOException">The receipt could not be written: the result is nobody's to know.</exception>
    public GateFinding Scan(string scanned)
    {
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        var finding = judge.Judge(scanned, now, roster, receipts.Log);
        var receipt = receipts.Log.Next(scanned, finding, now);
        receipts.Add(new SignedReceipt(receipt, new ReceiptProof.P256(wallet.PublicKey, wallet.SignDigest(receipt.Hash))));
        _counts[(int)finding.Result]++;
        return finding;
    }
}
