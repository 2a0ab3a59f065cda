using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;

namespace SecuTicket.Benchmarks.Figures;

/// <summary>S: what one core can hash.</summary>
internal sealed class LimitSha256 : Figure
{
    public const string FigureName = "limit_sha256";

    private const int MessageSize = 16 * 1024;
    private const int CompressionSize = 64;

    public override string Name => FigureName;

    public override string Unit => "compressions/s";

    public override string About => "S: SHA-256 compressions of 64 bytes a second on one core: openssl speed where it is installed, else SHA256.HashData, over 16 KiB.";

    public override Measurement Measure(Session session)
    {
        if (OpenSsl() is not { } first)
        {
            var message = new byte[MessageSize];
            var hash = new byte[SHA256.HashSizeInBytes];
            return new Measurement(
                Repeated.Rates(session, 0.5, () =>
                {
                    for (var i = 0; i < 64; i++) SHA256.HashData(message, hash);
                    return 64 * MessageSize / CompressionSize;
                }),
                "by SHA256.HashData over 16 KiB: openssl was not found");
        }

        var rates = new double[session.Runs];
        rates[0] = first;
        for (var i = 1; i < rates.Length; i++) rates[i] = OpenSsl() ?? throw new BenchmarkFailedException("openssl speed worked once and then no more.");
        return new Measurement(rates, "by openssl speed -bytes 16384 sha256, divided by 64");
    }

    private static double? OpenSsl()
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("openssl", $"speed -mr -seconds 1 -bytes {MessageSize} sha256") { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var errors = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            errors.Wait();

            // +F:6:sha256:1955396963.27: bytes a second.
            var line = output.Split('\n').FirstOrDefault(text => text.StartsWith("+F:", StringComparison.Ordinal));
            return line is null ? null : double.Parse(line.Split(':')[3], CultureInfo.InvariantCulture) / CompressionSize;
        }
        catch (Win32Exception)
        {
            // There is none.
            return null;
        }
    }
}
