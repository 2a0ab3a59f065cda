using System.Formats.Asn1;
using System.Security.Cryptography;

namespace SecuTicket.Node.Tests.Certificates;

/// <summary>A revocation list with a critical extension, which .NET's builder does not make.</summary>
internal static class CriticalList
{
    // Issuing distribution point, RFC 5280, 5.2.5: onlyContainsUserCerts.
    public static byte[] Of(Issuer issuer, Issuer revoked)
    {
        var body = new AsnWriter(AsnEncodingRules.DER);
        using (body.PushSequence())
        {
            body.WriteInteger(1);
            WriteAlgorithm(body);
            body.WriteEncodedValue(issuer.Certificate.SubjectName.RawData);
            body.WriteUtcTime(Issuer.Now.AddDays(-1));
            body.WriteUtcTime(Issuer.Now.AddDays(1));
            using (body.PushSequence())
            using (body.PushSequence())
            {
                body.WriteInteger(revoked.Certificate.SerialNumberBytes.Span);
                body.WriteUtcTime(Issuer.Now.AddDays(-1));
            }

            using (body.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0)))
            using (body.PushSequence())
            using (body.PushSequence())
            {
                body.WriteObjectIdentifier("2.5.29.28");
                body.WriteBoolean(true);
                body.WriteOctetString([0x30, 0x03, 0x81, 0x01, 0xff]);
            }
        }

        var list = new AsnWriter(AsnEncodingRules.DER);
        using (list.PushSequence())
        {
            list.WriteEncodedValue(body.Encode());
            WriteAlgorithm(list);
            list.WriteBitString(issuer.Sign(body.Encode(), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
        }

        return list.Encode();
    }

    private static void WriteAlgorithm(AsnWriter writer)
    {
        using (writer.PushSequence()) writer.WriteObjectIdentifier("1.2.840.10045.4.3.2");
    }
}
