namespace Custodia.Kernel.Access;

/// <summary>
/// Records calls of the API (<c>/api/…</c>) durably before they are answered, refused and failed ones too. Identity implements it
/// with its stream <c>identity.api-invocation-log</c>. A record that cannot be written fails the call.
/// </summary>
public interface IApiInvocationLog
{
    ValueTask RecordAsync(Invocation invocation, CancellationToken cancellation);
}

/// <summary>
/// Records calls of endpoints with an admin area (see <see cref="EndpointAccess.RequirePermission"/>) durably before they are
/// answered, refused and failed ones too. Identity implements it with its stream <c>identity.admin-action-log</c>.
/// </summary>
public interface IAdminActionLog
{
    ValueTask RecordAsync(Invocation invocation, string area, CancellationToken cancellation);
}

/// <summary>One call, as it is about to be answered.</summary>
/// <param name="Caller">Null when nobody was recognised.</param>
/// <param name="Operation">Method and route pattern, e.g. <c>POST /api/v1/users/{id}</c>.</param>
/// <param name="ApiVersion">The second segment below <c>/api</c>, e.g. <c>v1</c>; empty for pages.</param>
/// <param name="Status">HTTP status of the answer.</param>
public sealed record Invocation(DateTimeOffset Time, Caller? Caller, string Operation, string ApiVersion, int Status, Http.RequestFacts Facts);
