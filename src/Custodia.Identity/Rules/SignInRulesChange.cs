using Custodia.Identity.Administration;

namespace Custodia.Identity.Rules;

/// <summary>How people of a directory sign in, as the API shows it.</summary>
/// <param name="SecondFactor"><c>Off</c>, <c>Optional</c>, <c>Required</c> or <c>ByRisk</c>.</param>
/// <param name="RememberDays">Days for which a person may spare a browser the second factor; 0 offers it to nobody.</param>
/// <param name="Ways">Ways that are on: <c>password</c>, <c>mailed-code</c>, <c>magic-link</c>, <c>sms-code</c>, <c>passkey</c>.</param>
/// <param name="SmsCountries">Country calling codes to which SMS codes go; empty is all.</param>
internal sealed record SignInRulesAnswer(
    SecondFactorRule SecondFactor,
    bool RiskNewDevice,
    bool RiskNewCountry,
    int RememberDays,
    IReadOnlyList<string> Ways,
    bool NewDeviceNotice,
    int SmsPerNumber,
    int SmsPerAddress,
    int SmsPerCountry,
    IReadOnlyList<string> SmsCountries)
{
    public static SignInRulesAnswer Of(SignInRules rules) => new(
        rules.SecondFactor,
        rules.RiskNewDevice,
        rules.RiskNewCountry,
        rules.RememberDays,
        rules.Ways.Split(' ', StringSplitOptions.RemoveEmptyEntries),
        rules.NewDeviceNotice,
        rules.SmsPerNumber,
        rules.SmsPerAddress,
        rules.SmsPerCountry,
        rules.SmsCountries.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}

/// <summary>A change of how people sign in; what is left out stays.</summary>
internal sealed record SignInRulesChange
{
    public SecondFactorRule? SecondFactor { get; init; }

    public bool? RiskNewDevice { get; init; }

    public bool? RiskNewCountry { get; init; }

    /// <summary>0 to 365.</summary>
    public int? RememberDays { get; init; }

    public IReadOnlyList<string>? Ways { get; init; }

    public bool? NewDeviceNotice { get; init; }

    /// <summary>A day, 1 to 100.</summary>
    public int? SmsPerNumber { get; init; }

    /// <summary>A day, 1 to 10,000.</summary>
    public int? SmsPerAddress { get; init; }

    /// <summary>A day, 1 to 1,000,000.</summary>
    public int? SmsPerCountry { get; init; }

    /// <summary>1 to 3 digits each.</summary>
    public IReadOnlyList<string>? SmsCountries { get; init; }

    /// <summary>Everything that is wrong with it.</summary>
    public Findings Check()
    {
        var findings = new Findings();
        if (RememberDays is < 0 or > 365) findings.Add("rememberDays", "range-0-365");
        if (SmsPerNumber is < 1 or > 100) findings.Add("smsPerNumber", "range-1-100");
        if (SmsPerAddress is < 1 or > 10_000) findings.Add("smsPerAddress", "range-1-10000");
        if (SmsPerCountry is < 1 or > 1_000_000) findings.Add("smsPerCountry", "range-1-1000000");
        if (SmsCountries is { } countries && (countries.Count > 100 || countries.Any(c => c.Length is 0 or > 3 || c[0] == '0' || !c.All(char.IsAsciiDigit))))
            findings.Add("smsCountries", "calling-codes");
        if (Ways is { } ways) CheckWays(ways, findings);
        return findings;
    }

    public void Apply(SignInRules rules)
    {
        rules.SecondFactor = SecondFactor ?? rules.SecondFactor;
        rules.RiskNewDevice = RiskNewDevice ?? rules.RiskNewDevice;
        rules.RiskNewCountry = RiskNewCountry ?? rules.RiskNewCountry;
        rules.RememberDays = RememberDays ?? rules.RememberDays;
        // In the order of the list, each once.
        if (Ways is { } ways) rules.Ways = string.Join(' ', SignInWay.All.Where(w => ways.Contains(w, StringComparer.Ordinal)));
        rules.NewDeviceNotice = NewDeviceNotice ?? rules.NewDeviceNotice;
        rules.SmsPerNumber = SmsPerNumber ?? rules.SmsPerNumber;
        rules.SmsPerAddress = SmsPerAddress ?? rules.SmsPerAddress;
        rules.SmsPerCountry = SmsPerCountry ?? rules.SmsPerCountry;
        if (SmsCountries is { } countries) rules.SmsCountries = string.Join(' ', countries.Distinct(StringComparer.Ordinal));
    }

    // Passkeys are made by people who are signed in already, and a link comes with a code beside it: neither can be the only way.
    private static void CheckWays(IReadOnlyList<string> ways, Findings findings)
    {
        if (ways.Any(w => !SignInWay.All.Contains(w, StringComparer.Ordinal))) findings.Add("ways", "unknown-value");
        else if (!ways.Any(w => w is SignInWay.Password or SignInWay.MailedCode or SignInWay.SmsCode)) findings.Add("ways", "a-first-way");
        else if (ways.Contains(SignInWay.MagicLink, StringComparer.Ordinal) && !ways.Contains(SignInWay.MailedCode, StringComparer.Ordinal)) findings.Add("ways", "link-with-code");
    }
}

/// <param name="DemandsSecondFactor">People reach the application with a second factor only, whatever their directory says.</param>
internal sealed record ApplicationSignInAnswer(bool DemandsSecondFactor);
