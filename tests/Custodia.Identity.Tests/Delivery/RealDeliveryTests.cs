using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Custodia.Identity.Tests.People;
using Custodia.Testing;

namespace Custodia.Identity.Tests.Delivery;

public sealed class RealDeliveryTests
{
    [EngineFact(Engines.Mail)]
    public async Task A_code_that_came_through_a_real_mail_server_signs_in()
    {
        await using var mail = await MailServer.StartAsync();
        await using var server = await PeopleServer.StartNewAsync(s =>
        {
            s.Settings["Custodia:Delivery:Smtp:Host"] = "127.0.0.1";
            s.Settings["Custodia:Delivery:Smtp:Port"] = mail.Port.ToString(CultureInfo.InvariantCulture);
            s.Settings["Custodia:Delivery:Smtp:StartTls"] = "false";
            s.Settings["Custodia:Delivery:Smtp:From"] = "Demo <no-reply@example.com>";
        });
        var visitor = await server.Visitor().OpenAsync("/d/customers/sign-in/code");
        await visitor.PostAsync("/d/customers/sign-in/code", ("email", "ada@customers.example"));
        visitor.Status.ShouldBe(HttpStatusCode.OK);

        var received = await mail.ReceiveAsync("ada@customers.example", "code");
        received.Headers["To"].Single().ShouldContain("ada@customers.example");
        received.Headers["From"].Single().ShouldContain("no-reply@example.com");
        received.Headers["Auto-Submitted"].ShouldBe(["auto-generated"]);
        received.Headers["Subject"].Single().ShouldNotMatch("[0-9]{6}");
        var code = Regex.Match(received.Text, "[0-9]{6}").Value;
        await visitor.PostAsync("/d/customers/sign-in/code/check", ("id", visitor.Hidden("id")), ("code", code));
        visitor.Location.ShouldBe("/account/customers");
        (await server.StatisticsAsync()).GetProperty("mailsUsed").GetInt64().ShouldBe(1);
    }
}
