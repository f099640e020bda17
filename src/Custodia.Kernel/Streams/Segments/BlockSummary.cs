using System.Buffers.Binary;

namespace Custodia.Kernel.Streams;

/// <summary>What is known of a block without reading its records: its span of time and, while they are few, its accounts.</summary>
internal sealed class BlockSummary
{
    private const int FewAccounts = 32;

    private readonly SortedSet<long> _accounts = [];

    public long MinTime { get; private set; } = long.MaxValue;

    public long MaxTime { get; private set; } = long.MinValue;

    public void Add(long time, long account)
    {
        MinTime = Math.Min(MinTime, time);
        MaxTime = Math.Max(MaxTime, time);
        if (_accounts.Count <= FewAccounts) _accounts.Add(account);
    }

    /// <summary>The accounts, 8 bytes each in order; null when they are many.</summary>
    public byte[]? Accounts()
    {
        if (_accounts.Count > FewAccounts) return null;
        var bytes = new byte[_accounts.Count * 8];
        var at = 0;
        foreach (var account in _accounts)
        {
            BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(at), account);
            at += 8;
        }

        return bytes;
    }

    public void Clear()
    {
        (MinTime, MaxTime) = (long.MaxValue, long.MinValue);
        _accounts.Clear();
    }

    public static bool MayHold(ReadOnlySpan<byte> accounts, bool many, long account)
    {
        if (many) return true;
        for (var at = 0; at < accounts.Length; at += 8)
        {
            if (BinaryPrimitives.ReadInt64BigEndian(accounts[at..]) == account) return true;
        }

        return false;
    }
}
