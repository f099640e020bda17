using System.Text;
using Custodia.Jq.Running;

namespace Custodia.Jq.Builtins;

/// <summary>A text put together from parts. It never grows to more than twice what the run's limit allows; <see cref="Done"/> holds it to the limit itself.</summary>
internal sealed class BoundedText(Run run)
{
    private readonly StringBuilder _text = new();
    private long _checkedUpTo = 1024;

    public int Length => _text.Length;

    public BoundedText Append(ReadOnlySpan<char> part)
    {
        run.Charge(part.Length * 2L);
        var length = (long)_text.Length + part.Length;
        if (length > _checkedUpTo)
        {
            run.MustFitText(length);
            _checkedUpTo = length * 2;
        }

        _text.Append(part);
        return this;
    }

    public BoundedText Append(char unit) => Append([unit]);

    public string Done()
    {
        run.MustFitText(_text.Length);
        return _text.ToString();
    }
}
