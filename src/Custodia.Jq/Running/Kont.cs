namespace Custodia.Jq.Running;

/// <summary>What is done with an output: a link in the chain of what waits for it. Immutable, so that choices share it.</summary>
internal abstract class Kont
{
    protected Kont(Kont? next)
    {
        Next = next;
        Depth = next is null ? 1 : next.Depth + 1;
        Handler = this as HandlerKont ?? next?.Handler;
    }

    /// <summary>What waits behind it; null for who runs the program.</summary>
    public Kont? Next { get; }

    public int Depth { get; }

    /// <summary>The nearest that takes errors, itself included.</summary>
    public HandlerKont? Handler { get; }

    /// <summary>Takes the output in the run's registers. <see cref="Run.K"/> is <see cref="Next"/> already.</summary>
    public abstract void Resume(Run run);
}

/// <summary>A link that takes errors of what is within it.</summary>
internal abstract class HandlerKont(Kont? next, int forks) : Kont(next)
{
    /// <summary>How many choices were open when it was set up; newer ones are within it and go.</summary>
    public int Forks { get; } = forks;

    /// <summary>Takes an error. The choices within are gone and <see cref="Run.K"/> is <see cref="Kont.Next"/>.</summary>
    public abstract void Handle(Run run, in JqValue error);
}

/// <summary>A choice that is left: what to do when there is no further output.</summary>
internal abstract class Fork
{
    /// <summary>Sets the run's registers and goes on. It was taken off the choices, and may put itself back.</summary>
    public abstract void Resume(Run run);
}
