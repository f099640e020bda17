using Custodia.Kernel.Policy;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Rules;

/// <summary>How people of a directory sign in. A directory without a row has the values that a new one starts with.</summary>
[Category(Category)]
internal sealed class SignInRules
{
    public const string Category = "identity.sign-in-rules";

    public Guid DirectoryId { get; init; }

    /// <summary>The account's <c>uin</c>.</summary>
    public long Account { get; init; }

    public SecondFactorRule SecondFactor { get; set; } = SecondFactorRule.Optional;

    /// <summary>Whether a browser that the person has not used before counts as a risk.</summary>
    public bool RiskNewDevice { get; set; } = true;

    /// <summary>Whether a country that the person has not signed in from before counts as a risk.</summary>
    public bool RiskNewCountry { get; set; } = true;

    /// <summary>Days for which a person may spare a browser the second factor, 0 to 365; 0 offers it to nobody.</summary>
    public int RememberDays { get; set; }

    /// <summary>The ways that are on, as names of <see cref="SignInWay"/> separated by blanks.</summary>
    public string Ways { get; set; } = string.Join(' ', SignInWay.Defaults);

    /// <summary>Whether people are told by mail of a sign-in from a new browser.</summary>
    public bool NewDeviceNotice { get; set; } = true;

    /// <summary>SMS codes to one number a day, 1 to 100.</summary>
    public int SmsPerNumber { get; set; } = 5;

    /// <summary>SMS codes asked for from one address a day, 1 to 10,000.</summary>
    public int SmsPerAddress { get; set; } = 20;

    /// <summary>SMS codes to numbers of one country a day, 1 to 1,000,000.</summary>
    public int SmsPerCountry { get; set; } = 1_000;

    /// <summary>Country calling codes to which SMS codes go, e.g. <c>1 44 86</c>, separated by blanks; empty is all.</summary>
    public string SmsCountries { get; set; } = "";

    public bool Allows(string way) => Ways.Split(' ').Contains(way, StringComparer.Ordinal);

    public static void Configure(ModelBuilder model)
    {
        var rules = model.Entity<SignInRules>();
        rules.ToTable("sign_in_rules");
        rules.HasKey(r => r.DirectoryId);
        rules.Property(r => r.SecondFactor).HasMaxLength(16);
        rules.Property(r => r.Ways).HasMaxLength(100);
        rules.Property(r => r.SmsCountries).HasMaxLength(500);
        rules.HasIndex(r => r.Account);
    }
}

/// <summary>What an application asks for beyond its directory's rules.</summary>
[Category(SignInRules.Category)]
internal sealed class ApplicationSignInRules
{
    public Guid ApplicationId { get; init; }

    /// <summary>The account's <c>uin</c>.</summary>
    public long Account { get; init; }

    /// <summary>Whether people reach the application with a second factor only, whatever the directory says.</summary>
    public bool DemandsSecondFactor { get; set; }

    public static void Configure(ModelBuilder model)
    {
        var rules = model.Entity<ApplicationSignInRules>();
        rules.ToTable("application_sign_in_rules");
        rules.HasKey(r => r.ApplicationId);
        rules.HasIndex(r => r.Account);
    }
}

internal enum SecondFactorRule
{
    /// <summary>Nobody is asked, whatever they have.</summary>
    Off,

    /// <summary>Whoever has set one up is asked.</summary>
    Optional,

    /// <summary>Everybody is asked; whoever has none sets one up while signing in.</summary>
    Required,

    /// <summary>Asked where a sign-in looks unusual: a code by mail serves those who have set none up.</summary>
    ByRisk,
}

/// <summary>The ways to sign in that a directory can turn on and off. External providers have settings of their own.</summary>
internal static class SignInWay
{
    public const string Password = "password";
    public const string MailedCode = "mailed-code";
    public const string MagicLink = "magic-link";
    public const string SmsCode = "sms-code";
    public const string Passkey = "passkey";

    public static readonly IReadOnlyList<string> All = [Password, MailedCode, MagicLink, SmsCode, Passkey];

    /// <summary>SMS cost money and can be taken over, so a directory turns them on itself.</summary>
    public static readonly IReadOnlyList<string> Defaults = [Password, MailedCode, MagicLink, Passkey];
}
