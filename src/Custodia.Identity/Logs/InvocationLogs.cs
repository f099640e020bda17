using Custodia.Kernel.Access;
using Custodia.Kernel.Streams;

namespace Custodia.Identity.Logs;

/// <summary>Writes <c>identity.admin-action-log</c>.</summary>
internal sealed class AdminActionLog(LogStreams streams) : IAdminActionLog
{
    public ValueTask RecordAsync(Invocation invocation, string area, CancellationToken cancellation)
    {
        var caller = invocation.Caller;
        var client = invocation.Facts.ClientIp.ToString();
        return streams.AppendAsync(
            new AdminAction
            {
                // Account 0 holds what nobody known tried.
                Account = caller?.Account ?? 0,
                Person = caller?.Person,
                Region = invocation.Facts.Region,
                ApiVersion = invocation.ApiVersion,
                Timestamp = invocation.Time,
                AppId = caller?.AppId ?? 0,
                Uin = caller?.Account ?? 0,
                SubAccountUin = caller?.SubAccountUin ?? 0,
                ClientIp = client,
                RequestSource = (caller?.Source ?? RequestSource.Api) switch
                {
                    RequestSource.Console => "console",
                    RequestSource.Cli => "cli",
                    _ => "api",
                },
                AccessContext = $"{client} {caller?.TokenReference ?? "-"}",
                // The stable word for what was tried; an outcome that changed nothing says so behind it.
                LogArea = invocation.Status < 400 ? area : $"{area} refused",
                RequestId = invocation.Facts.RequestId,
            },
            cancellation);
    }
}

/// <summary>Writes <c>identity.api-invocation-log</c>.</summary>
internal sealed class ApiInvocationLog(LogStreams streams) : IApiInvocationLog
{
    public ValueTask RecordAsync(Invocation invocation, CancellationToken cancellation) =>
        streams.AppendAsync(
            new ApiInvocation
            {
                Account = invocation.Caller?.Account ?? 0,
                Person = invocation.Caller?.Person,
                Timestamp = invocation.Time,
                RequestIp = invocation.Facts.ClientIp.ToString(),
                Operation = invocation.Operation,
            },
            cancellation);
}
