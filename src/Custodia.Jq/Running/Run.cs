namespace Custodia.Jq.Running;

/// <summary>One run of a program.</summary>
internal sealed partial class Run
{
    public Run(JqOptions options, CancellationToken cancellation)
    {
        Options = options;
        _limits = options.Limits;
        _cancellation = cancellation;
    }
}
