using Custodia.Kernel.Access;
using Custodia.Kernel.Http;
using Custodia.Kernel.Streams;
using Microsoft.AspNetCore.Http;

namespace Custodia.Tickets.AccessLog;

/// <summary>Writes the access record, durably, before a ticket is shown or changed.</summary>
internal sealed class AccessLogFilter(LogStreams logs, TimeProvider time) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var caller = http.Caller();
        var record = new TicketAccess
        {
            Account = caller.Account,
            Person = caller.Person,
            Time = time.GetUtcNow(),
            Ip = http.Facts().ClientIp.ToString(),
        };
        await logs.AppendAsync(record, http.RequestAborted);
        return await next(context);
    }
}
