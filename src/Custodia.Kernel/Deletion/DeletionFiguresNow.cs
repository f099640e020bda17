using Custodia.Kernel.Policy;

namespace Custodia.Kernel.Deletion;

/// <summary>Tells <c>/privacy</c> how the server answers requests to be forgotten.</summary>
internal sealed class DeletionFiguresNow(DeletionRequests requests) : ILiveFigures
{
    public async Task CollectAsync(LiveFigures figures, CancellationToken cancellation)
    {
        var standing = await requests.FiguresAsync(null, cancellation);
        figures.Deletions = new DeletionFigures(
            standing.Open + standing.DueSoon + standing.Overdue,
            standing.Overdue,
            standing.DoneInTime + standing.DoneLate,
            standing.DoneInTime);
    }
}
