namespace SecuTicket.Core.Mempool;

/// <summary>How much may wait.</summary>
/// <param name="MaxCount">Transactions.</param>
/// <param name="MaxSize">Bytes of their stored form.</param>
/// <param name="MaxPerAccount">Transactions of one sender.</param>
public sealed record MempoolLimits(int MaxCount = 100_000, long MaxSize = 128L * 1024 * 1024, int MaxPerAccount = 20_000);
