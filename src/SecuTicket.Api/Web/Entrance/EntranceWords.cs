namespace SecuTicket.Api.Web.Entrance;

/// <summary>Names the words of the gate's page: <c>EntranceWords.resx</c> and, in French, <c>EntranceWords.fr.resx</c>.</summary>
public sealed class EntranceWords;
