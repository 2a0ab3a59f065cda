namespace SecuTicket.Api.Web.Organise;

/// <summary>Names the words of the organisers' pages: <c>OrganiseWords.resx</c> and, in French, <c>OrganiseWords.fr.resx</c>.</summary>
public sealed class OrganiseWords;
