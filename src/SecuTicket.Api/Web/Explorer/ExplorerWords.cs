namespace SecuTicket.Api.Web.Explorer;

/// <summary>Names the words of the explorer: <c>ExplorerWords.resx</c> and, in French, <c>ExplorerWords.fr.resx</c>.</summary>
public sealed class ExplorerWords;
