using System.Globalization;
using System.Text;
using QRCoder;

namespace Custodia.Identity.Totp;

/// <summary>What a person needs to set an authenticator app up: an address as a QR code, and the secret to type.</summary>
/// <param name="Address">The <c>otpauth</c> address that apps read; holds the secret.</param>
/// <param name="Typed">The secret in groups of four.</param>
internal sealed record TotpEnrolment(string Address, string Typed)
{
    private const int Margin = 4;

    public static TotpEnrolment Of(byte[] secret, string issuer, string person)
    {
        var text = Base32.Encode(secret);
        // The colon separates issuer and name, so neither may hold one.
        var label = $"{Part(issuer)}:{Part(person)}";
        return new TotpEnrolment($"otpauth://totp/{label}?secret={text}&issuer={Part(issuer)}", string.Join(' ', text.Chunk(4).Select(c => new string(c))));
    }

    /// <summary>Width and height of the drawing, in modules.</summary>
    public int Size => Modules().Count + (2 * Margin);

    /// <summary>The dark modules as the path of an SVG drawing: no style and no script, so the Content-Security-Policy stays as it is.</summary>
    public string Path()
    {
        var modules = Modules();
        var path = new StringBuilder();
        for (var y = 0; y < modules.Count; y++)
        {
            for (var x = 0; x < modules.Count; x++)
            {
                if (modules[y][x]) path.Append(CultureInfo.InvariantCulture, $"M{x + Margin} {y + Margin}h1v1h-1z");
            }
        }

        return path.ToString();
    }

    /// <summary>Never the secret.</summary>
    public override string ToString() => "(authenticator app)";

    private List<System.Collections.BitArray> Modules()
    {
        using var generator = new QRCodeGenerator();
        using var code = generator.CreateQrCode(Address, QRCodeGenerator.ECCLevel.M);
        // The generator puts a margin of its own around the code.
        return [.. code.ModuleMatrix.Skip(Margin).Take(code.ModuleMatrix.Count - (2 * Margin)).Select(row => new System.Collections.BitArray([.. row.Cast<bool>().Skip(Margin).Take(row.Count - (2 * Margin))]))];
    }

    private static string Part(string text) => Uri.EscapeDataString(text.Replace(":", "", StringComparison.Ordinal));
}
