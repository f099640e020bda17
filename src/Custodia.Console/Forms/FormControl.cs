using Microsoft.AspNetCore.Components;

namespace Custodia.Console;

/// <summary>What all fields of a form share: name, label, hint, error, and where their value comes from.</summary>
public abstract class FormControl : ComponentBase
{
    /// <summary>The state of the form around it.</summary>
    [CascadingParameter] protected FormState? State { get; set; }

    /// <summary>The name under which the value is posted; also the id, unless <see cref="Id"/> is set.</summary>
    [Parameter, EditorRequired] public string Name { get; set; } = "";

    /// <summary>What the person is asked for.</summary>
    [Parameter, EditorRequired] public string Label { get; set; } = "";

    /// <summary>Needed only if a page has two fields of one name.</summary>
    [Parameter] public string? Id { get; set; }

    /// <summary>How to fill it in, or why it is asked.</summary>
    [Parameter] public string? Hint { get; set; }

    /// <summary>What is wrong; default: what the form's state says.</summary>
    [Parameter] public string? Error { get; set; }

    /// <summary>The value before the person has entered one.</summary>
    [Parameter] public string? Value { get; set; }

    /// <summary>The browser refuses to post without it; the endpoint checks again.</summary>
    [Parameter] public bool Required { get; set; }

    /// <summary>Shown but not to be changed, and not posted.</summary>
    [Parameter] public bool Disabled { get; set; }

    /// <summary>Further attributes of the control, for example <c>maxlength</c> or <c>inputmode</c>.</summary>
    [Parameter(CaptureUnmatchedValues = true)] public IReadOnlyDictionary<string, object>? Attributes { get; set; }

    /// <inheritdoc />
    protected override void OnParametersSet() => State?.Shows(Name, ControlId, Label);

    private protected string ControlId => Id ?? Name;

    private protected string? Message => Error ?? State?.Error(Name);

    private protected string? Kept => State?.Has(Name) == true ? State.Exact(Name) : Value;

    private protected string? Invalid => Message is null ? null : "true";

    private protected string? DescribedBy => (Hint, Message) switch
    {
        (null, null) => null,
        (_, null) => ControlId + "-hint",
        (null, _) => ControlId + "-error",
        _ => $"{ControlId}-error {ControlId}-hint",
    };
}
