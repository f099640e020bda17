namespace Custodia.Acceptance.Architecture.Fixtures;

public class OpenToAll;

public class Base;

public sealed class Derived : Base;

internal sealed class Greedy
{
    public Greedy(int a, int b, int c, int d, int e, int f) => Sum = a + b + c + d + e + f;

    public int Sum { get; private set; }

    public void GoOnAndOn()
    {
        Sum++;
        Sum++;
        Sum++;
        Sum++;
        Sum++;
        Sum++;
        Sum++;
        Sum++;
        Sum++;
        Sum++;
        Sum++;
        Sum++;
        Sum++;
        Sum++;
        Sum++;
        Sum++;
        Sum++;
        Sum++;
        Sum++;
        Sum++;
        Sum++;
        Sum++;
        Sum++;
        Sum++;
        Sum++;
        Sum++;
        Sum++;
        Sum++;
        Sum++;
        Sum++;
        Sum++;
        Sum++;
        Sum++;
        Sum++;
        Sum++;
        Sum++;
        Sum++;
        Sum++;
        Sum++;
        Sum++;
        Sum++;
        Sum++;
        Sum++;
        Sum++;
        Sum++;
        Sum++;
        Sum++;
        Sum++;
        Sum++;
        Sum++;
        Sum++;
        Sum++;
        Sum++;
        Sum++;
        Sum++;
        Sum++;
        Sum++;
        Sum++;
        Sum++;
        Sum++;
        Sum++;
    }
}
