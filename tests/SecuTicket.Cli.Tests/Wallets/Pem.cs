namespace SecuTicket.Cli.Tests.Wallets;

/// <summary>Keys as openssl 3.0 wrote them, all made for these tests. Those of the first group are one key in different forms.</summary>
internal static class Pem
{
    public const string Passphrase = "concert";
    public const string Address = "0x7CF8b6A45A365A326c1e25254498891593dA8143";

    private const string Scalar =
        """
        MHcCAQEEIBRHMLMi6Eh0FGbVIGdBiqBacnwasFwwwtRv1cH1XfKXoAoGCCqGSM49
        AwEHoUQDQgAEUVEK3Ya2Td7Gq4PxCGyDpWb+BrfdcwbgGi32BJ0aSUORioeQiGuU
        7+/NXYBtRtk/osUlI8YX+KXwcEuloCYQsA==
        """;

    public static Dictionary<string, string> Good { get; } = new()
    {
        ["genpkey, pkcs8 -topk8 -nocrypt"] = Of(
            "PRIVATE KEY",
            """
            MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgFEcwsyLoSHQUZtUg
            Z0GKoFpyfBqwXDDC1G/VwfVd8pehRANCAARRUQrdhrZN3sarg/EIbIOlZv4Gt91z
            BuAaLfYEnRpJQ5GKh5CIa5Tv781dgG1G2T+ixSUjxhf4pfBwS6WgJhCw
            """),
        ["ecparam -genkey -noout"] = Of("EC PRIVATE KEY", Scalar),
        ["ecparam -genkey"] = Of("EC PARAMETERS", "BggqhkjOPQMBBw==") + Of("EC PRIVATE KEY", Scalar),
        ["pkcs8 -topk8 -v2 aes-256-cbc -v2prf hmacWithSHA256"] = Of(
            "ENCRYPTED PRIVATE KEY",
            """
            MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAiU3Y7EItk74gICCAAw
            DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEK09Vo3HO54MM52D6qBrGyUEgZB9
            Y6jgVfNd//vIGbgYQ6i1t8YObS5SX0Qi2GfNUoUhi7dmAdzvy1mUuzxCmed4cWBP
            vf6bGF6BY02J5PsiBHyl1H3e5s/sA4/2zncMgN2cCbyO/3eTCAOaWpKqoDC53m3X
            7OxsxnJieBi/Gvtvywfjt9PXsSmGRn0TQ9JUWs2TpFDlcmlj8XDqlL7QKEvzrjE=
            """),
    };

    /// <summary>What is no wallet, and what the refusal says of it.</summary>
    public static Dictionary<string, (string Pem, string Fault)> Bad { get; } = new()
    {
        ["legacy encryption"] = (
            Of(
                "EC PRIVATE KEY",
                """
                Proc-Type: 4,ENCRYPTED
                DEK-Info: AES-128-CBC,F55B05BCEEBFCB53FD09F61E98B6DFC9

                AzIkpurWKZkWZRAV7w4kQ8R0/8vvz3aucQ+g+SmSRl2ACGcQ4L3t9ZctWZfIXxwu
                H4KbdkBFmLZnifP35dnm/9yDjd1dFj5pgoR8Ju0aWlZEdukfsAx04i6g48yVevzI
                i9k4VuvdKk4a7ShEWf5RaVXzvKOMia5WEtRQyK8XAbs=
                """),
            "openssl pkcs8 -topk8"),
        ["scrypt"] = (
            Of(
                "ENCRYPTED PRIVATE KEY",
                """
                MIHkME8GCSqGSIb3DQEFDTBCMCEGCSsGAQQB2kcECzAUBAgY+UNgEMJvIQICQAAC
                AQgCAQEwHQYJYIZIAWUDBAEqBBAGXtT0bYiS0Md1yg77xo9LBIGQBz9hEXTWa0ND
                PpEgiELO3/MecWmfvdRgNwtYRULrVOGbT6e0Ux1z5OA7DfWiJYfjSIPoTU8Wody1
                W0+i3D2k1+/hHfTDbKulnSCb+whWFjJNKgIs+2Ft6LAz+4RXtsOWzZTO5nkUKEe6
                4Dm20CCYZ8h9Ewy4eS4YrOuOYTZsc4TJK42PYrNKZVFEOoJjJ3ky
                """),
            "openssl pkcs8 -topk8"),
        ["Ed25519"] = (Of("PRIVATE KEY", "MC4CAQAwBQYDK2VwBCIEILYEalIphCaDcNYXVtCbL8nWN9FdKzpYYN0A7D/WZX9I"), "an Ed25519 key"),
        ["secp256k1"] = (
            Of(
                "EC PRIVATE KEY",
                """
                MHQCAQEEIMWeKqPb/6c6o+/B/WlHu+GkeMFzst/cNmCx/4iu9GPBoAcGBSuBBAAK
                oUQDQgAE6vvXnnhD8mrhI2cT2RlmCqPPc2SS1NItvRI2D+UyfEgxA3AkZoWLDkhK
                J3Kyig7QQ7rdWi7/RbPpDoktZt3nsA==
                """),
            "secp256k1"),
        ["P-384"] = (
            Of(
                "PRIVATE KEY",
                """
                MIG2AgEAMBAGByqGSM49AgEGBSuBBAAiBIGeMIGbAgEBBDAnqhZTCOtEuQlBDhS5
                +L6Jkbn850WpEhLm8+uwVg02iRZp1fjawsCtd5zXmg9LUA6hZANiAAQOX48KrOCl
                oBLZIlXAoWaQZRgXiXVWCv23R3ztaEdQlTFI2Fm0j5PeaCFwUix3Hz1bEKalnkLG
                VPTz5bHEePQkUdgiR87zP56VOb27DAh5t2stxhj+ywNd0U6UblzSKmk=
                """),
            "P-384"),
        ["a public key"] = (
            Of(
                "PUBLIC KEY",
                """
                MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEUVEK3Ya2Td7Gq4PxCGyDpWb+Brfd
                cwbgGi32BJ0aSUORioeQiGuU7+/NXYBtRtk/osUlI8YX+KXwcEuloCYQsA==
                """),
            "only a public key"),
        ["RSA"] = (Of("RSA PRIVATE KEY", "MAA="), "an RSA key"),
        ["damaged"] = (Of("PRIVATE KEY", "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0w"), "damaged"),
        ["no PEM"] = ("hello", "no private key in PEM form"),
        ["nothing"] = (string.Empty, "no private key in PEM form"),
    };

    private static string Of(string label, string body) => $"-----BEGIN {label}-----\n{body}\n-----END {label}-----\n";
}
