using Custodia.Identity.Users;
using Custodia.Kernel.Hosting;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Custodia.Identity.Passkeys;

/// <summary>The framework's passkey handler, set up for the address under which people reach this server.</summary>
internal static class PasskeySetup
{
    public static void Add(IServiceCollection services)
    {
        services.AddSingleton(provider => Options.Create(OptionsFor(new Uri(provider.GetRequiredService<IOptions<CustodiaOptions>>().Value.PublicUrl))));
        services.AddScoped<PasskeyUsers>();
        services.AddScoped<IPasskeyHandler<User>>(provider => new PasskeyHandler<User>(
            Users(provider), provider.GetRequiredService<IOptions<IdentityPasskeyOptions>>()));
        services.AddScoped<PasskeyChallenges>().AddScoped<PasskeyStore>().AddScoped<PasskeyCeremonies>();
    }

    private static IdentityPasskeyOptions OptionsFor(Uri address) => new()
    {
        ServerDomain = address.Host,
        UserVerificationRequirement = "required",
        ResidentKeyRequirement = "required",
        AttestationConveyancePreference = "none",
        // The browser says where it is; a page of another site, or ours inside one, is not us.
        ValidateOrigin = context => ValueTask.FromResult(
            !context.CrossOrigin && Uri.TryCreate(context.Origin, UriKind.Absolute, out var origin) && origin.GetLeftPart(UriPartial.Authority) == address.GetLeftPart(UriPartial.Authority)),
    };

    // The handler reads users through the framework's manager, of which it needs the store and nothing else.
    private static UserManager<User> Users(IServiceProvider provider) => new(
        provider.GetRequiredService<PasskeyUsers>(),
        Options.Create(new Microsoft.AspNetCore.Identity.IdentityOptions()),
        new PasswordHasher<User>(),
        [],
        [],
        new UpperInvariantLookupNormalizer(),
        new IdentityErrorDescriber(),
        provider,
        provider.GetRequiredService<ILogger<UserManager<User>>>());
}
