namespace SecuTicket.Api.Web.Wallet;

/// <summary>Names the words of wallets and tickets: <c>WalletWords.resx</c> and, in French, <c>WalletWords.fr.resx</c>.</summary>
public sealed class WalletWords;
