namespace SecuTicket.Benchmarks;

/// <summary>What was measured did not do what it was measured for; the message says how.</summary>
internal sealed class BenchmarkFailedException(string message, Exception? innerException = null) : Exception(message, innerException);
