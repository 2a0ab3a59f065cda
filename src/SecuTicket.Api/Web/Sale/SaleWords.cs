namespace SecuTicket.Api.Web.Sale;

/// <summary>Names the words of the sale: <c>SaleWords.resx</c> and, in French, <c>SaleWords.fr.resx</c>.</summary>
public sealed class SaleWords;
