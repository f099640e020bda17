using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Custodia.Console;

/// <summary>
/// What a person has entered into a form and what is wrong with it. Fields inside <see cref="PostForm"/> take their
/// values and errors from it by name.
/// </summary>
/// <example><code>
/// var form = new FormState(await http.Request.ReadFormAsync(cancellation));
/// if (form["email"] is not { Length: > 0 }) form.Fail("email", Texts.Of("EmailMissing"));
/// if (!form.IsValid) return Page.Invalid&lt;InvitePage&gt;(new { Form = form });
/// </code></example>
public sealed class FormState
{
    private readonly Dictionary<string, StringValues> _values;
    private readonly Dictionary<string, string> _errors = new(StringComparer.Ordinal);
    private readonly List<string> _general = [];
    private readonly List<(string Name, string ControlId, string Label)> _controls = [];

    /// <summary>A form that nobody has filled in yet.</summary>
    public FormState() => _values = new(StringComparer.Ordinal);

    /// <summary>A form that shows what is stored, for editing.</summary>
    public FormState(IEnumerable<KeyValuePair<string, string?>> values) =>
        _values = values.ToDictionary(v => v.Key, v => new StringValues(v.Value), StringComparer.Ordinal);

    /// <summary>A form that was posted.</summary>
    public FormState(IFormCollection posted) =>
        _values = posted.ToDictionary(v => v.Key, v => v.Value, StringComparer.Ordinal);

    /// <summary>The value of a field, trimmed; empty if it was not sent. A password is read with <see cref="Exact"/>.</summary>
    public string this[string name] => Exact(name).Trim();

    /// <summary>The value of a field as it was sent; empty if it was not.</summary>
    public string Exact(string name) => _values.TryGetValue(name, out var value) && value.Count > 0 ? value[0] ?? "" : "";

    /// <summary>All values of a field that may be sent several times, such as check boxes.</summary>
    public IReadOnlyList<string> All(string name) =>
        _values.TryGetValue(name, out var value) ? [.. value.Where(v => v is not null).Select(v => v!)] : [];

    /// <summary>Whether a check box was ticked.</summary>
    public bool Ticked(string name) => Exact(name) is "true" or "on";

    /// <summary>Whether the form holds a value for the field, be it empty.</summary>
    public bool Has(string name) => _values.ContainsKey(name);

    /// <summary>Marks a field as wrong. The first error of a field stays.</summary>
    /// <param name="name">The field's name.</param>
    /// <param name="message">What is wrong and how to put it right, in the language of the request.</param>
    public FormState Fail(string name, string message)
    {
        _errors.TryAdd(name, message);
        return this;
    }

    /// <summary>Marks the form as a whole as wrong, for example because the password does not match.</summary>
    public FormState Fail(string message)
    {
        _general.Add(message);
        return this;
    }

    /// <summary>The error of a field, or null.</summary>
    public string? Error(string name) => _errors.GetValueOrDefault(name);

    /// <summary>The errors of fields, in the order in which they were found.</summary>
    public IReadOnlyDictionary<string, string> Errors => _errors;

    /// <summary>A control tells what it is called on the page, so that the list of errors can name it.</summary>
    internal void Shows(string name, string controlId, string label)
    {
        if (_controls.All(c => c.Name != name)) _controls.Add((name, controlId, label));
    }

    /// <summary>The errors of fields in the order in which the page shows the fields. Of one that it does not show, the label is null.</summary>
    internal IEnumerable<(string ControlId, string? Label, string Message)> ErrorsAsShown() =>
    [
        .. _controls.Where(c => _errors.ContainsKey(c.Name)).Select(c => (c.ControlId, (string?)c.Label, _errors[c.Name])),
        .. _errors.Where(e => _controls.All(c => c.Name != e.Key)).Select(e => (e.Key, (string?)null, e.Value)),
    ];

    /// <summary>The errors of the form as a whole.</summary>
    public IReadOnlyList<string> General => _general;

    /// <summary>True while nothing has been marked as wrong.</summary>
    public bool IsValid => _errors.Count == 0 && _general.Count == 0;
}
