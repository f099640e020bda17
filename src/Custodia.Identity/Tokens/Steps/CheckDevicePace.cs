using Custodia.Identity.Protocol;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Tokens.Steps;

/// <summary>
/// The device leaves the interval between two questions; each one too early makes the interval five seconds longer for good
/// (RFC 8628 section 3.5). Of parallel questions one changes the row and goes on.
/// </summary>
internal static class CheckDevicePace
{
    private const int Step = 5;
    private const int LongestInterval = 60;

    // Questions sent in time may come closer together than they were sent.
    private static readonly TimeSpan Tolerance = TimeSpan.FromMilliseconds(500);

    public static async ValueTask<TokenAnswer?> Run(TokenContext context, CancellationToken cancellation)
    {
        var device = context.Device!;
        var before = context.Now - TimeSpan.FromSeconds(device.IntervalSeconds) + Tolerance;
        var inTime = await context.Database.InTransactionAsync(
            async token =>
            {
                var row = context.Database.DeviceRequests.Where(r => r.Id == device.Id);
                if (await row.Where(r => r.PolledAt == null || r.PolledAt <= before).ExecuteUpdateAsync(set => set.SetProperty(r => r.PolledAt, context.Now), token) > 0)
                    return true;
                await row.Where(r => r.IntervalSeconds < LongestInterval)
                    .ExecuteUpdateAsync(set => set.SetProperty(r => r.IntervalSeconds, r => r.IntervalSeconds + Step), token);
                return false;
            },
            cancellation);
        return inTime ? null : TokenAnswer.Refuse(Errors.SlowDown, $"add {Step} seconds to the interval");
    }
}
