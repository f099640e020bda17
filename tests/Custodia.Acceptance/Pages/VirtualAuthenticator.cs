using System.Text.Json;
using Microsoft.Playwright;

namespace Custodia.Acceptance.Pages;

/// <summary>Chromium's own authenticator (DevTools protocol, domain WebAuthn): built in, with resident keys and verification of the person.</summary>
internal sealed class VirtualAuthenticator
{
    private readonly ICDPSession _session;
    private readonly string _id;

    private VirtualAuthenticator(ICDPSession session, string id)
    {
        _session = session;
        _id = id;
    }

    public static async Task<VirtualAuthenticator> AddToAsync(IPage page)
    {
        var session = await page.Context.NewCDPSessionAsync(page);
        await session.SendAsync("WebAuthn.enable");
        var made = await session.SendAsync("WebAuthn.addVirtualAuthenticator", new Dictionary<string, object>
        {
            ["options"] = new
            {
                protocol = "ctap2",
                transport = "internal",
                hasResidentKey = true,
                hasUserVerification = true,
                isUserVerified = true,
                automaticPresenceSimulation = true,
            },
        });
        return new VirtualAuthenticator(session, made!.Value.GetProperty("authenticatorId").GetString()!);
    }

    /// <summary>Whether the person shows finger or PIN when asked; false is somebody who cancels.</summary>
    public Task VerifiesAsync(bool verified) => SendAsync("setUserVerified", ("isUserVerified", verified));

    /// <summary>The one passkey on it.</summary>
    public async Task<JsonElement> PasskeyAsync()
    {
        var all = await SendAsync("getCredentials");
        return all!.Value.GetProperty("credentials").EnumerateArray().ShouldHaveSingleItem();
    }

    /// <summary>Puts the passkey back as a copy with another counter.</summary>
    public async Task CountAsync(int counter)
    {
        var passkey = await PasskeyAsync();
        var copy = passkey.EnumerateObject().ToDictionary(p => p.Name, p => (object)p.Value, StringComparer.Ordinal);
        copy["signCount"] = counter;
        await SendAsync("removeCredential", ("credentialId", passkey.GetProperty("credentialId").GetString()!));
        await SendAsync("addCredential", ("credential", copy));
    }

    private Task<JsonElement?> SendAsync(string method, params (string Name, object Value)[] parameters)
    {
        var all = parameters.ToDictionary(p => p.Name, p => p.Value, StringComparer.Ordinal);
        all["authenticatorId"] = _id;
        return _session.SendAsync("WebAuthn." + method, all);
    }
}
