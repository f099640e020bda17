using Custodia.Identity;
using Custodia.Kernel.Hosting;
using Custodia.Kernel.Messaging;
using Custodia.Kernel.Policy;
using Custodia.Kernel.Storage;
using Custodia.Kernel.Streams;
using Custodia.Server;
using Custodia.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Kernel.Tests.Policy;

/// <summary>The server does not start with data that the policy does not know.</summary>
public sealed class PolicyStartTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task The_start_is_refused_and_every_unlabelled_symbol_is_named()
    {
        await using var app = Build(new ShadyModule());
        var refused = await Should.ThrowAsync<PolicyException>(() => app.StartAsync());
        refused.ExitCode.ShouldBe(StartRefusedException.Policy);
        refused.Message.ShouldContain("ShadyRow.Nickname: kernel.service.nickname: is stored, but has no line");
        refused.Message.ShouldContain("ShadyRow.Id");
        refused.Message.ShouldContain("ShadyLog.Mood: identity.user-operation-log.mood: is stored, but has no line");
        refused.Message.ShouldContain("ShadyEvent.Mood: identity.user-profile.mood: is stored, but has no line");
        Directory.Exists(_folder.File("data", "main", "custodia.db")).ShouldBeFalse();
    }

    [Fact]
    public async Task The_same_server_without_them_starts()
    {
        await using var app = Build();
        await app.StartAsync();
        await app.StopAsync();
    }

    public void Dispose() => _folder.Dispose();

    private WebApplication Build(params IReadOnlyList<IModule> more) => CustodiaApp.Build(
        ["--urls", "http://127.0.0.1:0", $"--Custodia:DataDirectory={_folder.File("data")}", "--Logging:LogLevel:Default=Error"],
        null,
        [new IdentityModule(), .. more]);

    private sealed class ShadyModule : IModule
    {
        public string Name => "identity";

        public void Add(ModuleBuilder module) => module.AddContext<ShadyContext>().AddStream<ShadyLog>().AddEvent<ShadyEvent>();

        public void Map(IEndpointRouteBuilder routes)
        {
        }
    }

    private sealed class ShadyContext(DbContextOptions<ShadyContext> options) : ModuleContext("shady", options)
    {
        protected override void Configure(ModelBuilder model) => model.Entity<ShadyRow>();
    }

    [Category("kernel.service")]
    private sealed class ShadyRow
    {
        public Guid Id { get; init; }

        public string? Nickname { get; set; }
    }

    [Stream("identity.user-operation-log", Durability.Audit)]
    private sealed record ShadyLog : LogRecord
    {
        [LogRole(LogRole.Time)]
        public required DateTimeOffset OperationTime { get; init; }

        public required string Mood { get; init; }
    }

    [Event("identity.shady", 1)]
    [Category("identity.user-profile")]
    private sealed record ShadyEvent(string Mood);
}
