namespace Custodia.Jq;

/// <summary>How values are printed.</summary>
/// <param name="Indent">Spaces a level, 0 to 7; 0 prints on one line.</param>
public readonly record struct JqFormat(int Indent)
{
    /// <summary>One line, without blanks.</summary>
    public static JqFormat Compact => new(0);

    /// <summary>Two spaces a level, as jq prints by default.</summary>
    public static JqFormat Indented => new(2);

    /// <summary>Whether <see cref="Indent"/> counts tabs.</summary>
    public bool IsTabs { get; init; }

    /// <summary>Whether everything beyond ASCII is escaped.</summary>
    public bool IsAscii { get; init; }
}
