using System.Diagnostics.Metrics;
using System.Text.Json;
using Custodia.Identity.Applications;
using Custodia.Identity.Contracts;
using Custodia.Identity.Protocol;
using Custodia.Kernel.Hosting;
using Custodia.Kernel.Http.Outbound;
using Custodia.Kernel.Messaging;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Custodia.Identity.Logout;

/// <summary>
/// Tells one application that a session has ended (OpenID Connect Back-Channel Logout 1.0 section 2.5). The outbox calls again,
/// with growing pauses, until the application has answered; each try carries a new token, since tokens live for two minutes.
/// </summary>
internal sealed partial class BackchannelLogout(
    IdentityContext context, Issuers issuers, LogoutTokens tokens, SafeHttpClient client, ILogger<BackchannelLogout> logger) : IEventSubscriber
{
    private const int MaxAnswer = 64 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly Counter<long> Told = Telemetry.Meter.CreateCounter<long>(
        "custodia.backchannel_logout.tries", "{try}", "Tries to tell applications that a session has ended, by result.");

    public string Name => "identity.backchannel-logout";

    public bool Wants(string eventType) => eventType == "identity.session.ended";

    public async Task HandleAsync(EventEnvelope message, CancellationToken cancellation)
    {
        var ended = message.Data.Deserialize<SessionEnded>(JsonSerializerOptions.Web)
            ?? throw new InvalidOperationException("The event has no data.");
        var stored = await context.Applications.AsNoTracking().SingleOrDefaultAsync(a => a.Id == ended.ApplicationId && a.Enabled, cancellation);
        // It was removed, switched off or does not want to hear any more.
        if (stored?.BackchannelLogoutUri is not { } uri) return;
        var directory = await context.Directories.AsNoTracking().Where(d => d.Id == stored.DirectoryId).Select(d => d.Name).SingleAsync(cancellation);
        var issuer = await issuers.FindAsync(directory, cancellation) ?? throw new InvalidOperationException("The directory is gone.");
        var token = await tokens.MakeAsync(issuer, new ApplicationModel(stored, []), ended.UserId, ended.SessionId, cancellation);
        Judge(stored.Id, await SendAsync(uri, token, cancellation));
    }

    private async Task<OutboundOutcome> SendAsync(string uri, string token, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, uri)
        {
            Content = new FormUrlEncodedContent([new("logout_token", token)]),
        };
        return await client.SendAsync(request, Patience, MaxAnswer, cancellation);
    }

    // Section 2.8: 200 when it is done, 400 when the application will not; asking again would not change its mind.
    private void Judge(Guid application, OutboundOutcome outcome)
    {
        var (result, final) = outcome switch
        {
            OutboundOutcome.Answered { Status: >= 200 and < 300 } => ("told", true),
            OutboundOutcome.Answered { Status: 400 } => ("refused", true),
            OutboundOutcome.Answered answered => ($"status-{answered.Status}", false),
            OutboundOutcome.Refused refused => (refused.Reason, false),
            _ => throw new InvalidOperationException(outcome.GetType().Name),
        };
        Told.Add(1, new KeyValuePair<string, object?>("result", result));
        if (result == "told") return;
        Log.NotTold(logger, application, result);
        if (!final) throw new LogoutNotDeliveredException(application, result);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Application {Application} was not told of the end of a session: {Result}")]
        public static partial void NotTold(ILogger logger, Guid application, string result);
    }
}

/// <summary>Makes the outbox try again.</summary>
internal sealed class LogoutNotDeliveredException(Guid application, string result)
    : Exception($"Application {application:N} was not told of the end of a session: {result}.");
