using Custodia.Integration.Flows;
using Custodia.Jq;

namespace Custodia.Integration.Engine;

/// <summary>
/// A flow as a list of instructions, so that a job's place in it is one number that survives a crash. Compiling the same text gives
/// the same list: versions never change.
/// </summary>
internal sealed class FlowProgram
{
    private readonly List<Instruction> _instructions = [];

    private FlowProgram(Flow flow) => Flow = flow;

    public Flow Flow { get; }

    public IReadOnlyList<Instruction> Instructions => _instructions;

    public static FlowProgram Of(Flow flow)
    {
        var program = new FlowProgram(flow);
        program.Add(flow.Steps);
        return program;
    }

    private void Add(IReadOnlyList<Step> steps)
    {
        foreach (var step in steps)
        {
            if (step is Step.Choice choice) AddChoice(choice);
            else _instructions.Add(new Instruction.Run(step));
        }
    }

    /// <summary>Each branch: test (else to the next branch), its steps, jump to the end.</summary>
    private void AddChoice(Step.Choice choice)
    {
        var ends = new List<int>();
        foreach (var branch in choice.Branches)
        {
            var test = _instructions.Count;
            if (branch.When is { } when) _instructions.Add(new Instruction.Test(choice, when, 0));
            Add(branch.Steps);
            ends.Add(_instructions.Count);
            _instructions.Add(new Instruction.Jump(0));
            if (branch.When is { } condition) _instructions[test] = new Instruction.Test(choice, condition, _instructions.Count);
        }

        foreach (var end in ends) _instructions[end] = new Instruction.Jump(_instructions.Count);
    }
}

internal abstract record Instruction
{
    public sealed record Run(Step Step) : Instruction;

    /// <summary>Goes on when the condition is true, else to <paramref name="Otherwise"/>.</summary>
    public sealed record Test(Step.Choice Step, JqProgram When, int Otherwise) : Instruction;

    public sealed record Jump(int To) : Instruction;
}
