using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Kernel.Vault;

/// <summary>Seals the keys of cookies and form tokens under a key of the server itself.</summary>
internal sealed class CookieKeyEncryptor(IServiceProvider provider) : IXmlEncryptor
{
    internal const string Bound = "cookie-key";

    internal static readonly KeyId Key = KeyId.Server("cookies");

    public EncryptedXmlInfo Encrypt(XElement plaintextElement)
    {
        using var key = provider.GetRequiredService<KeyRing>().RentServerKey(Key);
        var wrapped = KeyWrap.Wrap(key, Bound, Encoding.UTF8.GetBytes(plaintextElement.ToString(SaveOptions.DisableFormatting)));
        return new EncryptedXmlInfo(new XElement("sealed", Convert.ToBase64String(wrapped)), typeof(CookieKeyDecryptor));
    }
}

/// <summary>Opens what <see cref="CookieKeyEncryptor"/> sealed; made by the framework by its name.</summary>
internal sealed class CookieKeyDecryptor(IServiceProvider provider) : IXmlDecryptor
{
    public XElement Decrypt(XElement encryptedElement)
    {
        var wrapped = Convert.FromBase64String(encryptedElement.Value);
        var xml = new byte[Math.Max(0, wrapped.Length - KeyWrap.Overhead)];
        using var key = provider.GetRequiredService<KeyRing>().RentServerKey(CookieKeyEncryptor.Key);
        KeyWrap.Unwrap(key, CookieKeyEncryptor.Bound, wrapped, xml);
        return XElement.Parse(Encoding.UTF8.GetString(xml));
    }
}
