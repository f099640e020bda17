using System.Text;
using Custodia.Testing;

namespace Custodia.Acceptance.Journey;

/// <summary>The scan is worth something only if it finds what is there.</summary>
public sealed class CanariesTests
{
    private const string Value = "canary.contact@example.org";

    public static TheoryData<string> Forms => ["utf8", "utf16", "utf16be", "base64-0", "base64-1", "base64-2", "hex", "HEX"];

    [Theory]
    [MemberData(nameof(Forms))]
    public void A_value_is_found_in_every_form(string form)
    {
        using var folder = new TemporaryFolder();
        var text = Encoding.UTF8.GetBytes(Value);
        byte[] stored = form switch
        {
            "utf8" => text,
            "utf16" => Encoding.Unicode.GetBytes(Value),
            "utf16be" => Encoding.BigEndianUnicode.GetBytes(Value),
            "hex" => Encoding.ASCII.GetBytes(Convert.ToHexStringLower(text)),
            "HEX" => Encoding.ASCII.GetBytes(Convert.ToHexString(text)),
            _ => Encoding.ASCII.GetBytes(Convert.ToBase64String([.. Encoding.ASCII.GetBytes("xyz"[..(form[^1] - '0')]), .. text, .. "tail"u8])),
        };
        File.WriteAllBytes(folder.File("data.bin"), [1, 2, 3, .. stored, 4, 5]);
        Canaries.FindIn(Path.GetDirectoryName(folder.File("data.bin"))!, Value).ShouldNotBeEmpty();
    }

    [Fact]
    public void Nothing_is_found_where_nothing_is()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("data.bin"), "canary.contract@example.org");
        Canaries.FindIn(Path.GetDirectoryName(folder.File("data.bin"))!, Value).ShouldBeEmpty();
    }
}
