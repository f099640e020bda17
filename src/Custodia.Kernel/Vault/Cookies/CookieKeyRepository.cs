using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Kernel.Vault;

/// <summary>Keeps the keys of cookies and form tokens (ASP.NET Core Data Protection) in the key store.</summary>
internal sealed class CookieKeyRepository(IServiceProvider provider) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements() =>
        [.. provider.GetRequiredService<KeyRing>().Documents().Select(static content => XElement.Parse(content))];

    public void StoreElement(XElement element, string friendlyName) =>
        provider.GetRequiredService<KeyRing>().AddDocument(friendlyName, element.ToString(SaveOptions.DisableFormatting));
}
