using System.Diagnostics;

namespace Custodia.Jq.Running;

/// <summary>
/// One run of a program: a machine with registers (value, path, frame, what waits for the output) and a stack of open choices. The
/// chain of what waits lives on the heap, so that recursion of the program is no recursion of ours, and a call in tail position adds
/// nothing to it.
/// </summary>
internal sealed partial class Run
{
    private Fork[] _forks = [];
    private bool _goesBack;

    public Run(JqOptions options, CancellationToken cancellation)
    {
        Options = options;
        _limits = options.Limits;
        _cancellation = cancellation;
        _ticks = (int)Math.Min(Slice, _limits.Steps);
        _slice = _ticks;
    }

    /// <summary>The input of the next node, or the output of the last.</summary>
    public JqValue Value;

    /// <summary>How the value was reached; null when nobody asks for paths.</summary>
    public Trail? Path;

    public Frame Frame = null!;

    /// <summary>What waits for the output.</summary>
    public Kont? K;

    /// <summary>The node that is run next; null when the value is an output.</summary>
    public Node? Next;

    /// <summary>Open choices.</summary>
    public int Forks { get; private set; }

    /// <summary>The outputs of a program, computed as they are asked for.</summary>
    public IEnumerator<JqValue> Outputs(Node program, Frame frame, JqValue input)
    {
        (Value, Frame, Next) = (input, frame, program);
        for (var count = 0L; Continue(); count++)
        {
            if (count >= _limits.Outputs) throw new JqLimitException(JqLimit.Outputs);
            GiveAway();
            yield return Value;
            _goesBack = true;
        }
    }

    /// <summary>Pushes every output of a node into a sink, without leaving this call; false when the sink wants no more.</summary>
    public bool Nested(Node node, Frame frame, in JqValue input, Sink sink)
    {
        var (value, path, outer, k, floor) = (Value, Path, Frame, K, Forks);
        (Value, Path, Frame, K, Next, _goesBack) = (input, null, frame, null, node, false);
        try
        {
            while (Go(floor))
            {
                if (!sink.Take(Value)) return false;
                _goesBack = true;
            }

            return true;
        }
        finally
        {
            CutTo(floor);
            (Value, Path, Frame, K, Next, _goesBack) = (value, path, outer, k, null, false);
        }
    }

    /// <summary>Leaves a computed value as the output. No path leads to it, unless it is the input itself.</summary>
    public void Answer(in JqValue value)
    {
        if (Path is not null && !value.IsSame(Value)) Path = Trail.Lost;
        Value = value;
    }

    /// <summary>Goes back to the last open choice.</summary>
    public void GoBack() => _goesBack = true;

    /// <summary>Leaves a choice open.</summary>
    public void Push(Fork fork)
    {
        if (Forks == _forks.Length)
        {
            if (Forks >= _limits.Depth) throw new JqLimitException(JqLimit.Depth);
            Array.Resize(ref _forks, Math.Max(8, Math.Min(Forks * 2, _limits.Depth)));
        }

        _forks[Forks++] = fork;
    }

    /// <summary>Forgets the choices that were opened since there were that many.</summary>
    public void CutTo(int forks)
    {
        if (forks >= Forks) return;
        Array.Clear(_forks, forks, Forks - forks);
        Forks = forks;
    }

    /// <summary>Sets what waits for the output.</summary>
    public void Await(Kont kont)
    {
        if (kont.Depth > _limits.Depth) throw new JqLimitException(JqLimit.Depth);
        K = kont;
    }

    /// <summary>Goes on to a part of the value, if paths are asked for along its key.</summary>
    public void Descend(in JqValue key, in JqValue part)
    {
        if (Path is not null)
        {
            if (Path.IsLost) throw LostAt(key);
            Path = Path.Then(key);
        }

        Value = part;
    }

    public JqException LostAt(in JqValue key) =>
        JqException.Of($"Invalid path expression near attempt to access element {JqException.Beginning(key)} of {JqException.Beginning(Value)}");

    private bool Continue()
    {
        _started = Stopwatch.GetTimestamp();
        try
        {
            if (!Go(0)) return false;
            ChargeOutput(Value);
            return true;
        }
        finally
        {
            _spent += Stopwatch.GetElapsedTime(_started);
        }
    }

    /// <summary>Runs until there is an output that nobody within awaits; false when no choice is left above the floor.</summary>
    private bool Go(int floor)
    {
        while (true)
        {
            try
            {
                return Turn(floor);
            }
            catch (JqException error)
            {
                // No filter: it would look before nested runs have put the registers back.
                if (K?.Handler is null) throw;
                Handle(error.Value);
            }
            catch (InsufficientExecutionStackException)
            {
                throw new JqLimitException(JqLimit.Depth);
            }
        }
    }

    private bool Turn(int floor)
    {
        while (true)
        {
            Tick();
            if (_goesBack)
            {
                _goesBack = false;
                if (Forks == floor) return false;
                var fork = _forks[--Forks];
                _forks[Forks] = null!;
                Next = null;
                fork.Resume(this);
            }
            else if (Next is { } node)
            {
                Next = null;
                node.Step(this);
            }
            else if (K is { } k)
            {
                K = k.Next;
                k.Resume(this);
            }
            else
            {
                return true;
            }
        }
    }

    /// <summary>Raises an error of the program without an exception where somebody within takes it.</summary>
    public void Fail(in JqValue error)
    {
        if (K?.Handler is null) throw new JqException(error);
        Handle(error);
    }

    private void Handle(in JqValue error)
    {
        var handler = K!.Handler!;
        CutTo(handler.Forks);
        (K, Next, _goesBack) = (handler.Next, null, false);
        handler.Handle(this, error);
    }
}
