using System.Globalization;
using Custodia.Console;
using Custodia.Identity.Users;
using Custodia.Kernel.Access;
using Microsoft.AspNetCore.Http;

namespace Custodia.Identity.Templates;

/// <summary>Which language somebody reads, and what they are called.</summary>
internal sealed class MessageReaders(IHttpContextAccessor requests, UserProfiles profiles)
{
    /// <summary>
    /// Best first. Who asks for a message themselves reads what their browser says; whom staff or the server write to, what their profile
    /// says; empty when it says nothing.
    /// </summary>
    public async ValueTask<IReadOnlyList<string>> LanguagesAsync(MessageReceiver receiver, CancellationToken cancellation)
    {
        if (requests.HttpContext is { } http && (http.TryCaller() is not { } caller || caller.Person == receiver.Person))
            return LanguageChoice.Wanted(http) is { Count: > 0 } wanted ? wanted : [CultureInfo.CurrentUICulture.Name];
        var locale = receiver.User is { } user ? await profiles.OpenAsync(user, UserField.Locale, ProfileUse.AccountNotices, cancellation) : null;
        return locale is null ? [] : [locale];
    }

    /// <summary>The value of <c>{{name}}</c>.</summary>
    public async ValueTask<string> NameAsync(MessageReceiver receiver, CancellationToken cancellation)
    {
        if (receiver.User is not { } user) return receiver.Address;
        return await profiles.OpenAsync(user, UserField.DisplayName, ProfileUse.AccountNotices, cancellation)
            ?? await profiles.OpenAsync(user, UserField.UserName, ProfileUse.AccountNotices, cancellation)
            ?? receiver.Address;
    }
}

/// <param name="Person">Whose message it is; its key seals it.</param>
/// <param name="Address">Mail address or mobile number.</param>
/// <param name="User">Null for somebody who is no user yet.</param>
internal readonly record struct MessageReceiver(Guid Person, string Address, User? User)
{
    public static MessageReceiver Of(User user, string address) => new(user.Id, address, user);

    /// <summary>Never the address.</summary>
    public override string ToString() => Person.ToString();
}
