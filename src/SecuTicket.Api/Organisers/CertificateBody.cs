using SecuTicket.Core.Transactions;
using SecuTicket.Node.Certificates;

namespace SecuTicket.Api.Organisers;

/// <summary>What a certificate is put with.</summary>
/// <param name="Chain">Certificates in PEM.</param>
/// <param name="Signature">The leaf key's signature of the account's address.</param>
internal sealed record CertificateBody(string Chain, byte[] Signature)
{
    /// <summary>Reads the fields.</summary>
    public static CertificateBody Read(FieldReader fields)
    {
        var chain = fields.Text("chain", 1, CertificateBundle.MaxPemLength, static character => char.IsAscii(character), "ASCII characters of PEM");
        var hex = fields.Text("signature", 2, 2 * LeafKey.MaxSignatureBytes, char.IsAsciiHexDigit, "hex digits");
        if (hex.Length % 2 == 0) return new CertificateBody(chain, Convert.FromHexString(hex));

        fields.Refuse("signature", "Expected two hex digits for each byte.");
        return new CertificateBody(chain, []);
    }
}
