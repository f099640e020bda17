using System.Collections.Concurrent;
using Custodia.Kernel.Hosting;
using Custodia.Kernel.Messaging;
using Custodia.Kernel.Policy;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Kernel.Tests.Messaging;

[Event("testing.happened", 1)]
[Category("kernel.event")]
internal sealed record Happened([property: Field("payload")] string Text);

/// <summary>What the subscribers of a test were called with, and how they answer.</summary>
internal sealed class Calls
{
    public ConcurrentQueue<(string Subscriber, EventEnvelope Event, string Text)> All { get; } = new();

    public Func<EventEnvelope, CancellationToken, Task> First { get; set; } = (_, _) => Task.CompletedTask;

    public Func<EventEnvelope, CancellationToken, Task> Second { get; set; } = (_, _) => Task.CompletedTask;

    public IReadOnlyList<string> Of(string subscriber) => [.. All.Where(c => c.Subscriber == subscriber).Select(c => c.Text)];

    public void AddTo(ModuleBuilder module)
    {
        module.Services.AddSingleton(this);
        module.AddEvent<Happened>().AddSubscriber<FirstSubscriber>().AddSubscriber<SecondSubscriber>().AddSubscriber<Elsewhere>();
    }

    public Task TakeAsync(string subscriber, EventEnvelope message, Func<EventEnvelope, CancellationToken, Task> answer, CancellationToken cancellation)
    {
        All.Enqueue((subscriber, message, message.Data.GetProperty("text").GetString()!));
        return answer(message, cancellation);
    }
}

internal sealed class FirstSubscriber(Calls calls) : IEventSubscriber
{
    public string Name => "first";

    public bool Wants(string eventType) => eventType == "testing.happened";

    public Task HandleAsync(EventEnvelope message, CancellationToken cancellation) => calls.TakeAsync(Name, message, calls.First, cancellation);
}

internal sealed class SecondSubscriber(Calls calls) : IEventSubscriber
{
    public string Name => "second";

    public bool Wants(string eventType) => eventType.StartsWith("testing.", StringComparison.Ordinal);

    public Task HandleAsync(EventEnvelope message, CancellationToken cancellation) => calls.TakeAsync(Name, message, calls.Second, cancellation);
}

internal sealed class Elsewhere(Calls calls) : IEventSubscriber
{
    public string Name => "elsewhere";

    public bool Wants(string eventType) => eventType == "other.happened";

    public Task HandleAsync(EventEnvelope message, CancellationToken cancellation) => calls.TakeAsync(Name, message, (_, _) => Task.CompletedTask, cancellation);
}
