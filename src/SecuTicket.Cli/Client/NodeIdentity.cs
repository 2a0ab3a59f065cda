namespace SecuTicket.Cli.Client;

/// <summary>What <c>GET /info</c> says that does not change: needed to sign anything.</summary>
/// <param name="Node">The node's own account.</param>
/// <param name="ChainId">Its chain.</param>
public sealed record NodeIdentity(string Node, string ChainId);
