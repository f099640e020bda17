using Custodia.Jq;

namespace Custodia.Integration.Expressions;

/// <summary>Compiled expressions by their text: flows repeat themselves, and versions of a flow repeat each other.</summary>
internal sealed class ExpressionCache
{
    // A program takes some hundred times its text at most.
    private const int MostCharacters = 1024 * 1024;
    private const int MostPrograms = 10_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, JqProgram> _programs = new(StringComparer.Ordinal);
    private int _characters;

    /// <summary>A jq program that may read <c>{ payload, attributes, variables, error }</c> and has no variables of its own.</summary>
    public JqCompilation Compile(string text)
    {
        lock (_lock)
        {
            if (_programs.TryGetValue(text, out var known)) return new JqCompilation.Compiled(known);
        }

        var compilation = JqProgram.Compile(text);
        if (compilation is JqCompilation.Compiled { Program: var program }) Keep(text, program);
        return compilation;
    }

    private void Keep(string text, JqProgram program)
    {
        if (text.Length > MostCharacters) return;
        lock (_lock)
        {
            if (_programs.Count == MostPrograms || _characters + text.Length > MostCharacters)
            {
                _programs.Clear();
                _characters = 0;
            }

            if (_programs.TryAdd(text, program)) _characters += text.Length;
        }
    }
}
