namespace SecuTicket.Cli;

/// <summary>An answer lacks what the contract says it has: a broken node, or none at all.</summary>
/// <param name="message">What is missing, as a sentence.</param>
public sealed class UnreadableAnswerException(string message) : Exception(message);
