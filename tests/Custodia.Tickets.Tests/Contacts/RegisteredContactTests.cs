using Custodia.Tickets.Contacts;
using Custodia.Tickets.Tests.Server;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Tickets.Tests.Contacts;

[Collection(SharedServer.Name)]
public sealed class RegisteredContactTests(TicketServer server)
{
    [Fact]
    public async Task What_Identity_tells_is_kept_sealed_and_follows_changes()
    {
        var person = await server.PersonAsync("told", "told@home.example", "+8613900139000", "Told Person");
        var kept = await server.InContextAsync(c => c.RegisteredContacts.SingleAsync(r => r.Person == person.Person));
        (await server.Vault.OpenAsync(kept.Place("email"), kept.Email!, RegisteredContact.UseEmergency, default)).ShouldBe("told@home.example");
        (await server.Vault.OpenAsync(kept.Place("display-name"), kept.DisplayName!, RegisteredContact.UseEmergency, default)).ShouldBe("Told Person");
        await server.TellAsync("identity.user.profile-changed", person, new { userId = person.Person, directory = "customers", userName = "told2", displayName = "T", email = (string?)null, emailVerified = false, mobile = (string?)null, locale = "zh" });
        var changed = await server.InContextAsync(c => c.RegisteredContacts.SingleAsync(r => r.Person == person.Person));
        changed.Email.ShouldBeNull();
        changed.EmailIndex.ShouldBeNull();
        (await server.InContextAsync(c => c.Participants.SingleAsync(p => p.Person == person.Person))).UserName.ShouldBe("told2");
        await server.TellAsync("identity.user.deleted", person, new { userId = person.Person, directory = "customers" });
        (await server.InContextAsync(async c => await c.RegisteredContacts.CountAsync(r => r.Person == person.Person) + await c.Participants.CountAsync(p => p.Person == person.Person))).ShouldBe(0);
    }
}
