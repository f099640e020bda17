using Custodia.Identity.Directories;
using Custodia.Identity.Passwords;
using Custodia.Identity.SubAccounts;
using Custodia.Identity.Users;
using Custodia.Kernel.Access;
using Custodia.Kernel.Deletion;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Administration;

/// <summary>Makes, changes and removes members of staff. Nobody gives away, or takes from others, more than they may do themselves.</summary>
internal sealed class SubAccountChanges(
    IdentityContext database, SubAccountRegistration registration, UserPasswords passwords, MemberDeletion deletion, StaffRanks ranks)
{
    public Findings Check(Caller caller, NewSubAccountRequest request)
    {
        var findings = CheckRoles(caller, request.Roles);
        var profile = ProfileOf(request);
        if (profile.UserName is null) findings.Add("userName", "required");
        // A staff profile has no date to compare with.
        foreach (var finding in ProfileRules.Check(profile, DateOnly.MaxValue)) findings.Add(finding);
        foreach (var rule in PasswordPolicy.Check(PlainPassword.From(request.Password), profile.UserName, profile.Email, profile.DisplayName)) findings.Add("password", rule);
        return findings;
    }

    public Findings CheckRoles(Caller caller, IReadOnlyList<string> roles)
    {
        var findings = new Findings();
        if (roles.Count == 0) findings.Add("roles", "choose-role");
        else if (roles.Any(r => !Role.All.Contains(r, StringComparer.Ordinal))) findings.Add("roles", "unknown-role");
        else if (!ranks.Cover(caller, roles)) findings.Add("roles", "above-yours");
        return findings;
    }

    public async Task<(RegistrationOutcome Outcome, SubAccount? Member)> CreateAsync(long account, NewSubAccountRequest request, CancellationToken cancellation)
    {
        var staff = await database.Directories.AsNoTracking().FirstAsync(d => d.Account == account && d.Kind == DirectoryKind.Staff, cancellation);
        return await registration.CreateAsync(
            staff,
            ProfileOf(request),
            [.. request.Roles],
            (user, token) => passwords.SetAsync(user, PlainPassword.From(request.Password)!, token),
            cancellation);
    }

    public Task<MemberOutcome> SetRolesAsync(Caller caller, long uin, IReadOnlyList<string> roles, CancellationToken cancellation) =>
        database.AloneAsync<MemberOutcome>(
            StaffRanks.OwnersOf(caller.Account),
            async token =>
            {
                if (await FindAsync(caller, uin, token) is not { } member) return new MemberOutcome.NotFound();
                if (!ranks.Cover(caller, member.RoleList)) return new MemberOutcome.TooHigh();
                if (!roles.Contains(Role.Owner, StringComparer.Ordinal) && await ranks.IsLastOwnerAsync(member, token)) return new MemberOutcome.LastOwner();
                member.Roles = string.Join(' ', roles.Distinct(StringComparer.Ordinal));
                await database.SaveChangesAsync(token);
                return new MemberOutcome.Done();
            },
            cancellation);

    public async Task<MemberOutcome> DeleteAsync(Caller caller, long uin, string requestedBy, CancellationToken cancellation)
    {
        if (await FindAsync(caller, uin, cancellation) is not { } member) return new MemberOutcome.NotFound();
        if (member.UserId == caller.Person) return new MemberOutcome.Yourself();
        if (!ranks.Cover(caller, member.RoleList)) return new MemberOutcome.TooHigh();
        return await deletion.RequestAsync(member, requestedBy, cancellation) is { } request ? new MemberOutcome.Deleting(request) : new MemberOutcome.LastOwner();
    }

    private Task<SubAccount?> FindAsync(Caller caller, long uin, CancellationToken cancellation) =>
        database.SubAccounts.FirstOrDefaultAsync(s => s.Uin == uin && s.Account == caller.Account, cancellation);

    private static Profile ProfileOf(NewSubAccountRequest request) => new()
    {
        UserName = Empty(request.UserName),
        Email = Empty(request.Email),
        DisplayName = Empty(request.DisplayName),
    };

    private static string? Empty(string? value) => string.IsNullOrWhiteSpace(value) ? null : value.Trim();
}

internal abstract record MemberOutcome
{
    public sealed record Done : MemberOutcome;

    public sealed record Deleting(DeletionRequest Request) : MemberOutcome;

    public sealed record NotFound : MemberOutcome;

    public sealed record LastOwner : MemberOutcome;

    public sealed record Yourself : MemberOutcome;

    /// <summary>The member has a role that may do more than the caller.</summary>
    public sealed record TooHigh : MemberOutcome;
}
