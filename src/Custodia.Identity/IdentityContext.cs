using Custodia.Identity.Accounts;
using Custodia.Identity.AgeGates;
using Custodia.Identity.Agreements;
using Custodia.Identity.Applications;
using Custodia.Identity.Authorize;
using Custodia.Identity.Branding;
using Custodia.Identity.ClientRegistration;
using Custodia.Identity.Codes;
using Custodia.Identity.Consents;
using Custodia.Identity.Device;
using Custodia.Identity.Browsers;
using Custodia.Identity.Directories;
using Custodia.Identity.Invitations;
using Custodia.Identity.Groups;
using Custodia.Identity.Jobs;
using Custodia.Identity.Keys;
using Custodia.Identity.Passkeys;
using Custodia.Identity.RecoveryCodes;
using Custodia.Identity.Rules;
using Custodia.Identity.Registration;
using Custodia.Identity.Scim;
using Custodia.Identity.Sessions;
using Custodia.Identity.SignIn;
using Custodia.Identity.SignUp;
using Custodia.Identity.Sources;
using Custodia.Identity.Sms;
using Custodia.Identity.Statistics;
using Custodia.Identity.SubAccounts;
using Custodia.Identity.Templates;
using Custodia.Identity.Tokens;
using Custodia.Identity.Totp;
using Custodia.Identity.Users;
using Custodia.Identity.Webhooks;
using Custodia.Kernel.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;

namespace Custodia.Identity;

/// <summary>Identity's own tables. Each entity configures itself beside its class.</summary>
internal sealed class IdentityContext(DbContextOptions<IdentityContext> options) : ModuleContext("identity", options)
{
    public DbSet<Account> Accounts => Set<Account>();

    public DbSet<SubAccount> SubAccounts => Set<SubAccount>();

    public DbSet<Directory> Directories => Set<Directory>();

    public DbSet<DirectoryBranding> Brandings => Set<DirectoryBranding>();

    public DbSet<MessageTemplate> MessageTemplates => Set<MessageTemplate>();

    public DbSet<TemplateSettings> TemplateSettings => Set<TemplateSettings>();

    public DbSet<User> Users => Set<User>();

    public DbSet<NamePrefix> NamePrefixes => Set<NamePrefix>();

    public DbSet<Job> Jobs => Set<Job>();

    public DbSet<JobFinding> JobFindings => Set<JobFinding>();

    public DbSet<PendingSignUp> PendingSignUps => Set<PendingSignUp>();

    public DbSet<RegistrationSettings> RegistrationSettings => Set<RegistrationSettings>();

    public DbSet<AttributeDefinition> AttributeDefinitions => Set<AttributeDefinition>();

    public DbSet<AgeGate> AgeGates => Set<AgeGate>();

    public DbSet<Agreement> Agreements => Set<Agreement>();

    public DbSet<Acceptance> Acceptances => Set<Acceptance>();

    public DbSet<Invitation> Invitations => Set<Invitation>();

    public DbSet<OneTimeCode> OneTimeCodes => Set<OneTimeCode>();

    public DbSet<Session> Sessions => Set<Session>();

    public DbSet<SessionApplication> SessionApplications => Set<SessionApplication>();
    public DbSet<AuthenticationSource> AuthenticationSources => Set<AuthenticationSource>();

    public DbSet<Webhook> Webhooks => Set<Webhook>();

    public DbSet<WebhookDelivery> WebhookDeliveries => Set<WebhookDelivery>();

    public DbSet<LinkedIdentity> LinkedIdentities => Set<LinkedIdentity>();

    public DbSet<PendingSignIn> PendingSignIns => Set<PendingSignIn>();

    public DbSet<PasskeyChallenge> PasskeyChallenges => Set<PasskeyChallenge>();

    public DbSet<TotpFactor> TotpFactors => Set<TotpFactor>();

    public DbSet<RecoveryCode> RecoveryCodes => Set<RecoveryCode>();

    public DbSet<Passkey> Passkeys => Set<Passkey>();

    public DbSet<VerifiedMobile> VerifiedMobiles => Set<VerifiedMobile>();

    public DbSet<SmsCount> SmsCounts => Set<SmsCount>();

    public DbSet<KnownDevice> KnownDevices => Set<KnownDevice>();

    public DbSet<SignInRules> SignInRules => Set<SignInRules>();

    public DbSet<ApplicationSignInRules> ApplicationSignInRules => Set<ApplicationSignInRules>();

    public DbSet<Application> Applications => Set<Application>();

    public DbSet<ApplicationSecret> ApplicationSecrets => Set<ApplicationSecret>();

    public DbSet<SigningKey> SigningKeys => Set<SigningKey>();

    public DbSet<StoredRequest> StoredRequests => Set<StoredRequest>();

    public DbSet<DeviceRequest> DeviceRequests => Set<DeviceRequest>();

    public DbSet<Grant> Grants => Set<Grant>();

    public DbSet<RefreshToken> RefreshTokens => Set<RefreshToken>();

    public DbSet<OpaqueAccessToken> OpaqueAccessTokens => Set<OpaqueAccessToken>();

    public DbSet<RegistrationToken> RegistrationTokens => Set<RegistrationToken>();

    public DbSet<RevokedToken> RevokedTokens => Set<RevokedToken>();

    public DbSet<Consent> Consents => Set<Consent>();

    /// <summary>Saves; the beginnings of names that have changed are stored with them, whoever changed them.</summary>
    public override Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        // Names are marked on the entity itself: looking for changes twice at each saving would cost more than it finds.
        var detects = ChangeTracker.AutoDetectChangesEnabled;
        ChangeTracker.AutoDetectChangesEnabled = false;
        var renamed = ChangeTracker.Entries<User>().Where(e => e.Entity.NewNamePrefixes is not null).ToList();
        ChangeTracker.AutoDetectChangesEnabled = detects;
        return renamed.Count == 0
            ? base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken)
            : InTransactionAsync(token => SaveNamesAsync(renamed, acceptAllChangesOnSuccess, token), cancellationToken);
    }

    private async Task<int> SaveNamesAsync(List<EntityEntry<User>> renamed, bool acceptAllChangesOnSuccess, CancellationToken cancellation)
    {
        var known = renamed.Where(e => e.State != EntityState.Added).Select(e => e.Entity.Id).ToList();
        // Two changes of one name would each remove what was there and then both add theirs.
        await HoldAsync(known.Select(id => $"name/{id:N}"), cancellation);
        if (known.Count > 0) await NamePrefixes.Where(p => known.Contains(p.UserId)).ExecuteDeleteAsync(cancellation);
        var saved = await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellation);
        await InsertRowsAsync([.. renamed.SelectMany(e => e.Entity.NewNamePrefixes!)], cancellation);
        foreach (var entry in renamed) entry.Entity.NewNamePrefixes = null;
        return saved;
    }

    protected override void Configure(ModelBuilder model)
    {
        Account.Configure(model);
        SubAccount.Configure(model);
        Directory.Configure(model);
        DirectoryBranding.Configure(model);
        MessageTemplate.Configure(model);
        Templates.TemplateSettings.Configure(model);
        User.Configure(model);
        NamePrefix.Configure(model);
        Group.Configure(model);
        GroupMember.Configure(model);
        Job.Configure(model);
        JobFinding.Configure(model);
        ProvisionedUser.Configure(model);
        PendingSignUp.Configure(model);
        Registration.RegistrationSettings.Configure(model);
        AttributeDefinition.Configure(model);
        AgeGate.Configure(model);
        Agreement.Configure(model);
        Acceptance.Configure(model);
        Invitation.Configure(model);
        OneTimeCode.Configure(model);
        Session.Configure(model);
        SessionApplication.Configure(model);
        AuthenticationSource.Configure(model);
        LinkedIdentity.Configure(model);
        Webhook.Configure(model);
        WebhookDelivery.Configure(model);
        PendingSignIn.Configure(model);
        PasskeyChallenge.Configure(model);
        TotpFactor.Configure(model);
        RecoveryCode.Configure(model);
        Passkey.Configure(model);
        KnownDevice.Configure(model);
        VerifiedMobile.Configure(model);
        SmsCount.Configure(model);
        Rules.SignInRules.Configure(model);
        Rules.ApplicationSignInRules.Configure(model);
        DirectoryFigures.Configure(model);
        DailyFigures.Configure(model);
        MonthlyFigures.Configure(model);
        CountryFigures.Configure(model);
        Application.Configure(model);
        ApplicationSecret.Configure(model);
        SigningKey.Configure(model);
        StoredRequest.Configure(model);
        DeviceRequest.Configure(model);
        Grant.Configure(model);
        RefreshToken.Configure(model);
        OpaqueAccessToken.Configure(model);
        RegistrationToken.Configure(model);
        RevokedToken.Configure(model);
        Consent.Configure(model);
    }
}
