using System.Text.Json.Nodes;
using Custodia.Integration.Engine;
using Custodia.Integration.Flows;
using Custodia.Kernel.Hosting;
using Custodia.Kernel.Messaging;
using Custodia.Kernel.Vault;

namespace Custodia.Integration.Triggers;

/// <summary>
/// Starts the flows that wait for an event. The event's id is the job's dedupe key, stored with the job itself, so a second delivery
/// starts nothing.
/// </summary>
internal sealed class FlowEvents(IntegrationContext context, JobStore jobs, DataCatalogue catalogue) : IEventSubscriber
{
    public string Name => "integration.flows";

    public bool Wants(string eventType) => catalogue.Events.Exists(e => e.Type == eventType);

    public async Task HandleAsync(EventEnvelope message, CancellationToken cancellation)
    {
        foreach (var deployed in await DeployedFlow.OfAsync(context, message.Account, $"event:{message.Type}", cancellation))
        {
            var content = new Message
            {
                Payload = JsonNode.Parse(message.Data.GetRawText()),
                Attributes = new JsonObject { ["event"] = message.Type, ["id"] = message.Id.ToString("N"), ["time"] = message.Time.ToString("O") },
            };
            try
            {
                await jobs.AddAsync(deployed.Job(message.Person, $"event:{message.Id:N}", content), cancellation);
            }
            catch (KeyDestroyedException)
            {
                // The person was erased meanwhile: nothing may be begun for them.
                return;
            }
        }
    }
}
