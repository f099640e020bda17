using System.Net;
using System.Text.RegularExpressions;
using Custodia.Identity.Tests.People;
using Custodia.Identity.Tests.SignIn;
using Custodia.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Identity.Tests.Sms;

/// <summary>A server that sends SMS through a gateway and believes a proxy about where people are.</summary>
public sealed class SmsServer : PeopleServer, IAsyncLifetime
{
    public const string Page = "/d/customers/sign-in/sms";

    private GatewayStandIn? _gateway;

    public GatewayStandIn Gateway => _gateway!;

    async Task IAsyncLifetime.InitializeAsync()
    {
        _gateway = await GatewayStandIn.StartAsync();
        await InitializeAsync();
        await RulesAsync();
    }

    async Task IAsyncLifetime.DisposeAsync()
    {
        await DisposeAsync();
        await Gateway.DisposeAsync();
    }

    /// <summary>SMS codes on, with these caps a day.</summary>
    public Task RulesAsync(int number = 100, int address = 10_000, int country = 1_000_000, params string[] countries) => this.RuleAsync(new
    {
        ways = new[] { "password", "mailed-code", "sms-code" },
        smsPerNumber = number,
        smsPerAddress = address,
        smsPerCountry = country,
        smsCountries = countries,
    });

    /// <summary>A new person with a number that they have verified, signed in.</summary>
    public async Task<(Visitor Visitor, string Email)> PersonAsync(string typed, string number)
    {
        var (visitor, email) = await this.NewPersonAsync();
        var before = Gateway.To(number).Count;
        await visitor.OpenAsync(SignInSteps.Security + "/mobile");
        await visitor.PostAsync(SignInSteps.Security + "/mobile", ("mobile", typed));
        visitor.Status.ShouldBe(HttpStatusCode.OK, visitor.Html);
        await visitor.PostAsync(SignInSteps.Security + "/mobile/code", ("id", visitor.Hidden("id")), ("code", await CodeToAsync(number, before)));
        visitor.Location.ShouldBe(SignInSteps.Security + "?note=mobile-verified", visitor.Html);
        return (visitor, email);
    }

    /// <summary>Asks for a code by SMS.</summary>
    public async Task<Visitor> AskAsync(string number, string? from = null)
    {
        var visitor = Visitor();
        visitor.From = from;
        await visitor.OpenAsync(Page);
        return await visitor.PostAsync(Page, ("mobile", number));
    }

    public static Task<Visitor> CodeAsync(Visitor visitor, string digits) => visitor.PostAsync(Page + "/check", ("id", visitor.Hidden("id")), ("code", digits));

    /// <summary>The digits of the newest message to a number once there are more than <paramref name="before"/>.</summary>
    public async Task<string> CodeToAsync(string number, int before)
    {
        await Eventually.TrueAsync(() => Task.FromResult(Gateway.To(number).Count > before));
        return Regex.Match(Gateway.To(number)[^1], "[0-9]{6}").Value;
    }

    /// <summary>How often the message that waits was tried.</summary>
    public async Task<int> TriesAsync()
    {
        var tries = 0;
        await InScopeAsync(async services => tries = await services.GetRequiredService<IdentityContext>().Database
            .SqlQuery<int>($"SELECT COALESCE(MAX(tries), 0) AS \"Value\" FROM kernel_outgoing_messages WHERE channel = 'Sms' AND state = 'Waiting'").SingleAsync());
        return tries;
    }

    protected override void Prepare()
    {
        base.Prepare();
        Settings["Custodia:Http:TrustedProxies:0"] = "127.0.0.1";
        Settings["Custodia:Http:AllowedPrivateNetworks:0"] = "127.0.0.0/8";
        Settings["Custodia:Delivery:Sms:Url"] = Gateway.Url;
        Settings["Custodia:Delivery:Sms:Token"] = GatewayStandIn.Token;
    }
}
