namespace Custodia.Kernel.Policy;

/// <summary>
/// A room of the kernel or a module that knows what is held now. Every registered one is asked (scoped service); the answers stand
/// on <c>/privacy</c> next to the promises.
/// </summary>
public interface ILiveFigures
{
    Task CollectAsync(LiveFigures figures, CancellationToken cancellation);
}

/// <summary>What is held at a moment, against what the policy promises.</summary>
public sealed class LiveFigures(DateTimeOffset at)
{
    private readonly Dictionary<(string Category, string Trigger), HeldFigure> _held = [];

    public DateTimeOffset At { get; } = at;

    /// <summary>Requests to be forgotten; null when nobody has told.</summary>
    public DeletionFigures? Deletions { get; set; }

    public void Add(HeldFigure figure) => _held[(figure.Category, figure.Trigger)] = figure;

    /// <summary>The figures of one category, one a trigger; empty when nobody has told.</summary>
    public IEnumerable<HeldFigure> Of(string category) => _held.Values.Where(f => f.Category == category);
}

/// <summary>What is held under one trigger of one category.</summary>
/// <param name="Trigger">Name of the trigger, e.g. <c>age</c>.</param>
/// <param name="Oldest">Time of the oldest record held, counted as the trigger counts; null when nothing is held.</param>
/// <param name="Due">Records past the trigger that are not deleted yet.</param>
public sealed record HeldFigure(string Category, string Trigger, DateTimeOffset? Oldest, long Due);

/// <summary>Requests to be forgotten.</summary>
/// <param name="Overdue">Open and past their due date.</param>
/// <param name="AnsweredInTime">Of the answered ones, those done by their due date.</param>
public sealed record DeletionFigures(int Open, int Overdue, int Answered, int AnsweredInTime);
