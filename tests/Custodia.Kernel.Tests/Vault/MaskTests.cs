using Custodia.Kernel.Policy;
using Custodia.Kernel.Vault;

namespace Custodia.Kernel.Tests.Vault;

public sealed class MaskTests
{
    [Theory]
    [InlineData(MaskKind.Email, "alice@example.com", "a***@example.com")]
    [InlineData(MaskKind.Email, " Bob@例子.公司 ", "B***@例子.公司")]
    [InlineData(MaskKind.Email, "\"a@b\"@example.com", "\"***@example.com")]
    [InlineData(MaskKind.Email, "no address", "•••")]
    [InlineData(MaskKind.Email, "@example.com", "•••")]
    [InlineData(MaskKind.Email, "alice@", "•••")]
    [InlineData(MaskKind.Mobile, "+49 170 1234567", "***4567")]
    [InlineData(MaskKind.Mobile, "138-0013-8000", "***8000")]
    [InlineData(MaskKind.Mobile, "12345", "***45")]
    [InlineData(MaskKind.Mobile, "112", "•••")]
    [InlineData(MaskKind.Mobile, "secret", "•••")]
    [InlineData(MaskKind.Name, "Alice", "A***")]
    [InlineData(MaskKind.Name, "王小明", "王***")]
    [InlineData(MaskKind.Name, "é́lodie", "é́***")]
    [InlineData(MaskKind.Name, "👩‍👩‍👧 family", "👩‍👩‍👧***")]
    [InlineData(MaskKind.Name, " ", "•••")]
    [InlineData(MaskKind.Ip, "203.0.113.77", "203.0.113.*")]
    [InlineData(MaskKind.Ip, "::ffff:203.0.113.77", "203.0.113.*")]
    [InlineData(MaskKind.Ip, "2001:db8:85a3::8a2e:370:7334", "2001:db8:85a3::*")]
    [InlineData(MaskKind.Ip, "localhost", "•••")]
    [InlineData(MaskKind.Full, "anything", "•••")]
    public void A_mask_shows_only_what_its_kind_allows(MaskKind kind, string value, string mask) => Mask.Of(value, kind).ShouldBe(mask);
}
