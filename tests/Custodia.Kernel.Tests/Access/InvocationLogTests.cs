using System.Collections.Concurrent;
using System.Net;
using Custodia.Kernel.Access;
using Custodia.Kernel.Tests.Http;
using Custodia.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Kernel.Tests.Access;

public sealed class InvocationLogTests : IAsyncLifetime
{
    private readonly Records _records = new();
    private CustodiaServer _server = null!;

    public async Task InitializeAsync() => _server = await CustodiaServer.StartAsync(s => s.Modules =
    [
        new PlainModule
        {
            Also = module =>
            {
                module.Services.AddSingleton<IApiInvocationLog>(_records);
                module.Services.AddSingleton<IAdminActionLog>(_records);
            },
        },
    ]);

    public Task DisposeAsync() => _server.DisposeAsync().AsTask();

    [Fact]
    public async Task An_administrative_call_is_on_record_before_its_answer_arrives()
    {
        _records.Delay = TimeSpan.FromMilliseconds(300);
        using var answer = await _server.Client("administrator").PostAsync("/api/v1/testing/write", null);
        answer.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        var (admin, area) = _records.Admin.ShouldHaveSingleItem();
        area.ShouldBe("things");
        admin.Operation.ShouldBe("POST /api/v1/testing/write");
        admin.ApiVersion.ShouldBe("v1");
        admin.Status.ShouldBe(204);
        admin.Caller!.Name.ShouldBe("administrator");
        admin.Facts.RequestId.ShouldBe(answer.Headers.GetValues("X-Request-Id").Single());
        _records.Api.ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("auditor", "/api/v1/testing/write", 403)]
    [InlineData("nonsense", "/api/v1/testing/write", 401)]
    [InlineData("administrator", "/api/v1/testing/write-fail", 500)]
    public async Task Refused_and_failed_attempts_are_on_record_too(string token, string path, int status)
    {
        using var answer = await _server.Client(token).PostAsync(path, null);
        ((int)answer.StatusCode).ShouldBe(status);
        var (admin, _) = _records.Admin.ShouldHaveSingleItem();
        admin.Status.ShouldBe(status);
        admin.Operation.ShouldBe($"POST {path}");
        admin.Caller?.Name.ShouldBe(token);
        _records.Api.ShouldHaveSingleItem().Status.ShouldBe(status);
    }

    [Fact]
    public async Task A_call_that_cannot_be_recorded_is_not_answered_as_done()
    {
        _records.Broken = true;
        HttpStatusCode? status = null;
        try
        {
            using var answer = await _server.Client("administrator").PostAsync("/api/v1/testing/write", null);
            status = answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            // The connection was closed without an answer.
        }

        (status is null or HttpStatusCode.InternalServerError).ShouldBeTrue();
    }

    [Fact]
    public async Task Reading_calls_are_in_the_log_of_calls_only()
    {
        (await _server.Client("auditor").GetAsync("/api/v1/testing/read")).StatusCode.ShouldBe(HttpStatusCode.OK);
        _records.Admin.ShouldBeEmpty();
        _records.Api.ShouldHaveSingleItem().Operation.ShouldBe("GET /api/v1/testing/read");
    }

    private sealed class Records : IApiInvocationLog, IAdminActionLog
    {
        public ConcurrentQueue<Invocation> Api { get; } = new();

        public ConcurrentQueue<(Invocation Invocation, string Area)> Admin { get; } = new();

        public TimeSpan Delay { get; set; }

        public bool Broken { get; set; }

        public ValueTask RecordAsync(Invocation invocation, CancellationToken cancellation)
        {
            Api.Enqueue(invocation);
            return ValueTask.CompletedTask;
        }

        public async ValueTask RecordAsync(Invocation invocation, string area, CancellationToken cancellation)
        {
            if (Broken) throw new IOException("The disk is full.");
            await Task.Delay(Delay, cancellation);
            Admin.Enqueue((invocation, area));
        }
    }
}
