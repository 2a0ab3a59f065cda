namespace SecuTicket.Api.Web.Frame;

/// <summary>Names the words that all pages share: <c>Words.resx</c> and, in French, <c>Words.fr.resx</c>.</summary>
public sealed class Words;
