using Custodia.Kernel.Messaging;
using Custodia.Kernel.Policy;

namespace Custodia.Kernel.Deletion;

/// <summary>
/// Deletion requests of an account come close to their deadline, or have passed it. Published when a request first does one of
/// both; says how all of the account's requests stand then.
/// </summary>
/// <param name="DueSoon">Open requests that are due within 7 days.</param>
/// <param name="Overdue">Open requests past their deadline.</param>
[Event("kernel.deletion.deadline", 1)]
[Category("kernel.deletion-request")]
public sealed record DeletionDeadline(int DueSoon, int Overdue);

/// <summary>What a request's deadline was announced as.</summary>
internal enum DeadlineWarning
{
    None,
    DueSoon,
    Overdue,
}
