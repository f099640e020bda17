using System.Net.Http.Headers;
using System.Net.Http.Json;
using Custodia.Kernel.Hosting;
using Custodia.Kernel.Http.Outbound;
using Microsoft.Extensions.Options;

namespace Custodia.Kernel.Delivery;

/// <summary>Hands SMS to an HTTP gateway: <c>POST {"id", "to", "text"}</c>; any 2xx means it is taken over. A redirect is not followed: the page behind it has not taken anything.</summary>
internal sealed class SmsGateway(IOptions<CustodiaOptions> options, SafeHttpClient http) : IMessageProvider
{
    private readonly SmsOptions _sms = options.Value.Delivery.Sms;

    public Channel Channel => Channel.Sms;

    public async Task<CarriedOutcome> CarryAsync(OpenMessage message, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _sms.Url);
        request.Content = JsonContent.Create(new { id = message.Id, to = message.Recipient, text = message.Text });
        if (!string.IsNullOrEmpty(_sms.Token)) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _sms.Token);
        return await http.SendOnceAsync(request, TimeSpan.FromSeconds(_sms.TimeoutSeconds), cancellation) switch
        {
            OutboundOutcome.Answered { Status: >= 200 and < 300 } => new CarriedOutcome.Sent(),
            OutboundOutcome.Answered { Status: 400 or 404 or 422 } answer => new CarriedOutcome.Refused($"status-{answer.Status}"),
            OutboundOutcome.Answered answer => new CarriedOutcome.TryLater($"status-{answer.Status}"),
            OutboundOutcome.Refused refused => new CarriedOutcome.TryLater(refused.Reason),
            _ => new CarriedOutcome.TryLater("unknown"),
        };
    }
}
