using Custodia.Jq.Running;

namespace Custodia.Jq.Builtins;

/// <summary>A builtin written in C#: one output for an input and its arguments, or a <see cref="JqException"/>.</summary>
internal delegate JqValue NativeFunction(Run run, in JqValue input, ReadOnlySpan<JqValue> arguments);

/// <param name="Name">As in jq.</param>
/// <param name="Arity">How many arguments; each may give several values, and the function is called for every combination.</param>
internal sealed record Native(string Name, int Arity, NativeFunction Function);
