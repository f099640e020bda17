namespace Custodia.Console;

/// <summary>One of the values that a <see cref="Select"/> offers.</summary>
/// <param name="Value">What is posted.</param>
/// <param name="Text">What the person reads.</param>
public sealed record Choice(string Value, string Text);
