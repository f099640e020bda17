namespace Custodia.Console;

/// <summary>What a badge, notice or figure means for the reader.</summary>
public enum Tone
{
    /// <summary>Nothing to feel about.</summary>
    Neutral,

    /// <summary>Worth knowing.</summary>
    Info,

    /// <summary>As it should be.</summary>
    Good,

    /// <summary>Needs a look.</summary>
    Warning,

    /// <summary>Broken, refused or irreversible.</summary>
    Danger,
}

internal static class ToneClass
{
    public static string Of(Tone tone) => tone switch
    {
        Tone.Info => "tone-info",
        Tone.Good => "tone-good",
        Tone.Warning => "tone-warning",
        Tone.Danger => "tone-danger",
        _ => "tone-neutral",
    };

    public static string IconOf(Tone tone) => tone switch
    {
        Tone.Good => "good",
        Tone.Warning => "warning",
        Tone.Danger => "danger",
        _ => "info",
    };
}
