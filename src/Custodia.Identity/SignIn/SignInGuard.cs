using System.Net;
using System.Net.Sockets;
using Custodia.Identity.Directories;
using Custodia.Kernel.Vault;
using Microsoft.Extensions.Options;

namespace Custodia.Identity.SignIn;

/// <summary>
/// Slows guessing down: per name and network, per name from everywhere, per address and per network. The limit for a name from
/// everywhere is ten times that from one network, and mailed codes stay open beside it: a stranger cannot lock somebody out.
/// Known and unknown names are counted alike.
/// </summary>
internal sealed class SignInGuard(Attempts attempts, IOptions<IdentityOptions> options)
{
    private const int Everywhere = 10;
    private const int PerNetwork = 5;
    private const int MessagesEverywhere = 4;

    /// <summary>Null when a password may be tried, else how long to wait.</summary>
    public TimeSpan? TakePassword(Directory directory, string typed, IPAddress client)
    {
        var name = NameKey(directory, typed);
        return Longest(
            attempts.Take($"{name}/{Network(client)}", options.Value.AttemptsPerName),
            attempts.Take(name, options.Value.AttemptsPerName * Everywhere),
            TakeAddress(client));
    }

    /// <summary>Null when a code may be tried, else how long to wait. (A code itself allows five tries.)</summary>
    public TimeSpan? TakeAddress(IPAddress client) => Longest(
        attempts.Take($"address/{client}", options.Value.AttemptsPerAddress),
        attempts.Take($"network/{Network(client)}", options.Value.AttemptsPerAddress * PerNetwork));

    /// <summary>
    /// Null when a message may be sent to a recipient, else how long to wait. Counted per network first: a stranger who has codes sent
    /// does not use up what the recipient may have sent themselves.
    /// </summary>
    public TimeSpan? TakeMessage(Directory directory, string recipient, IPAddress client)
    {
        var key = $"message/{directory.Id:N}/{Normalise.Email(recipient)}";
        // What the network is refused counts for nothing else.
        return attempts.Take($"{key}/{Network(client)}", options.Value.CodesPerRecipient)
            ?? Longest(attempts.Take(key, options.Value.CodesPerRecipient * MessagesEverywhere), TakeAddress(client));
    }

    /// <summary>
    /// Null when a second factor may be tried, else how long to wait. Only who has given the first proof gets here, so the limit from
    /// everywhere is no lock-out by strangers.
    /// </summary>
    public TimeSpan? TakeFactor(Guid user, IPAddress client) => Longest(
        attempts.Take($"factor/{user:N}/{Network(client)}", options.Value.AttemptsPerName),
        attempts.Take($"factor/{user:N}", options.Value.AttemptsPerName * 3),
        TakeAddress(client));

    /// <summary>The second factor was right.</summary>
    public void FactorSucceeded(Guid user, IPAddress client)
    {
        attempts.Forget($"factor/{user:N}/{Network(client)}");
        attempts.Return($"factor/{user:N}");
        SucceededFrom(client);
    }

    /// <summary>The password was right.</summary>
    public void Succeeded(Directory directory, string typed, IPAddress client)
    {
        var name = NameKey(directory, typed);
        attempts.Forget($"{name}/{Network(client)}");
        attempts.Return(name);
        SucceededFrom(client);
    }

    public void SucceededFrom(IPAddress client)
    {
        attempts.Return($"address/{client}");
        attempts.Return($"network/{Network(client)}");
    }

    private static string NameKey(Directory directory, string typed) => $"name/{directory.Id:N}/{Normalise.Name(typed)}";

    // One host has a whole /64 of IPv6; IPv4 neighbours of a /24 often belong together.
    private static string Network(IPAddress address)
    {
        var bytes = address.GetAddressBytes();
        return Convert.ToHexString(bytes, 0, address.AddressFamily == AddressFamily.InterNetworkV6 ? 8 : 3);
    }

    private static TimeSpan? Longest(params ReadOnlySpan<TimeSpan?> waits)
    {
        TimeSpan? longest = null;
        foreach (var wait in waits)
        {
            if (wait is { } w && (longest is null || w > longest)) longest = w;
        }

        return longest;
    }
}
