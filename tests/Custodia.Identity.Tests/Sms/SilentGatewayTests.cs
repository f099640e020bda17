using Custodia.Identity.Tests.People;

namespace Custodia.Identity.Tests.Sms;

public sealed class SilentGatewayTests
{
    [Fact]
    public async Task A_gateway_that_does_not_answer_in_time_gets_the_message_again_under_the_same_id()
    {
        const string Number = "+4915123456790";
        var server = new SmsServer();
        // Enough for a busy machine to answer what is to be answered.
        server.Settings["Custodia:Delivery:Sms:TimeoutSeconds"] = "5";
        await ((IAsyncLifetime)server).InitializeAsync();
        try
        {
            await server.PersonAsync(Number, Number);
            var before = server.Gateway.Calls.Count;
            server.Gateway.Fail(GatewayStandIn.Silent);
            await server.AskAsync(Number);
            await Eventually.TrueAsync(async () => await server.TriesAsync() == 1);
            server.Gateway.To(Number).Count.ShouldBe(1, "what was not answered was not taken");
            server.Time.Advance(TimeSpan.FromSeconds(30));
            await server.CodeToAsync(Number, before: 1);
            var calls = server.Gateway.Calls.Skip(before).ToList();
            calls.Select(c => c.Answer).ShouldBe([GatewayStandIn.Silent, 202]);
            calls.Select(c => c.Id).Distinct().Count().ShouldBe(1);
            server.Gateway.Faults.ShouldBeEmpty();
        }
        finally
        {
            await ((IAsyncLifetime)server).DisposeAsync();
        }
    }
}
