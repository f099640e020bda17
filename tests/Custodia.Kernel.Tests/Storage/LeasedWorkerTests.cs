using Custodia.Kernel.Storage;
using Custodia.Kernel.Tests.Hosting;
using Custodia.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Custodia.Kernel.Tests.Storage;

public sealed class LeasedWorkerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_look_that_fails_in_any_way_does_not_end_the_worker()
    {
        await using var host = await KernelHost.StartAsync(_folder);
        using var worker = new Clumsy(host.Services.GetRequiredService<IServiceScopeFactory>());
        await worker.StartAsync(CancellationToken.None);
        await worker.Done.WaitAsync(TimeSpan.FromSeconds(30));
        worker.ExecuteTask!.IsFaulted.ShouldBeFalse();
        await worker.StopAsync(CancellationToken.None);
        worker.ExecuteTask.IsCompletedSuccessfully.ShouldBeTrue();
    }

    private sealed class Clumsy(IServiceScopeFactory scopes) : LeasedWorker(scopes, new WorkSignal(), TimeProvider.System, NullLogger.Instance)
    {
        private readonly TaskCompletionSource _done = new();
        private int _looks;

        public Task Done => _done.Task;

        protected override string Work => "clumsy";

        protected override TimeSpan Pause => TimeSpan.FromMilliseconds(10);

        protected override Task<bool> RunOnceAsync(CancellationToken cancellation)
        {
            switch (++_looks)
            {
                case 1: throw new InvalidOperationException();
                case 2: throw new TaskCanceledException();
                default:
                    _done.TrySetResult();
                    return Task.FromResult(false);
            }
        }
    }
}
