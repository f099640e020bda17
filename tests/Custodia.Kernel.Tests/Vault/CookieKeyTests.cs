using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Kernel.Tests.Vault;

public sealed class CookieKeyTests(VaultHost host) : IClassFixture<VaultHost>
{
    [Fact]
    public async Task Keys_of_cookies_lie_sealed_in_the_key_store_and_outlive_a_restart()
    {
        var text = host.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("test").Protect("hello");
        var restarted = new ServiceCollection();
        restarted.AddDataProtection().SetApplicationName("custodia").Services.AddSingleton(host.Ring);
        restarted.AddOptions<Microsoft.AspNetCore.DataProtection.KeyManagement.KeyManagementOptions>().Configure<IServiceProvider>((keys, provider) =>
            keys.XmlRepository = new Custodia.Kernel.Vault.CookieKeyRepository(provider));
        await using var provider = restarted.BuildServiceProvider();
        provider.GetRequiredService<IDataProtectionProvider>().CreateProtector("test").Unprotect(text).ShouldBe("hello");

        var document = host.Ring.Documents().ShouldHaveSingleItem();
        document.ShouldContain("sealed");
        document.ShouldNotContain("masterKey");
        Encoding.UTF8.GetByteCount(document).ShouldBeGreaterThan(200);
    }
}
