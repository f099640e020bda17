using System.Buffers.Binary;
using System.Globalization;
using System.IO;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;

namespace Custodia.Identity.Statistics;

/// <summary>
/// Which country an address is registered in, from the CC0 table of <c>@ip-location-db/geo-whois-asn-country</c>. Loaded at the first
/// public address that is asked for, then about 5 MB: sorted starts of ranges with a country each; IPv6 by its upper 64 bits.
/// </summary>
internal sealed class CountryTable
{
    private readonly Lazy<Tables> _tables = new(Load);

    /// <summary>ISO 3166-1 alpha-2; null for private and unassigned addresses.</summary>
    public string? Of(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        if (IPAddress.IsLoopback(address) || IsPrivate(address)) return null;
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        return address.AddressFamily == AddressFamily.InterNetwork
            ? _tables.Value.V4.Find(BinaryPrimitives.ReadUInt32BigEndian(bytes))
            : _tables.Value.V6.Find(BinaryPrimitives.ReadUInt64BigEndian(bytes));
    }

    private static bool IsPrivate(IPAddress address)
    {
        if (address.AddressFamily == AddressFamily.InterNetworkV6) return address.IsIPv6LinkLocal || address.IsIPv6UniqueLocal;
        var b = address.GetAddressBytes();
        return b[0] == 10 || (b[0] == 172 && b[1] is >= 16 and < 32) || (b[0] == 192 && b[1] == 168) || (b[0] == 169 && b[1] == 254);
    }

    private static Tables Load()
    {
        using var archive = new ZipArchive(typeof(CountryTable).Assembly.GetManifestResourceStream("country-tables.zip")!);
        return new Tables(
            Ranges.Read(archive.GetEntry("ipv4.csv")!, static (text, _) => uint.Parse(text, CultureInfo.InvariantCulture)),
            Ranges.Read(archive.GetEntry("ipv6.csv")!, static (text, buffer) =>
            {
                IPAddress.Parse(text).TryWriteBytes(buffer, out _);
                return BinaryPrimitives.ReadUInt64BigEndian(buffer);
            }));
    }

    private sealed record Tables(Ranges V4, Ranges V6);

    private delegate ulong Reader(ReadOnlySpan<char> text, byte[] buffer);

    /// <summary>Starts of ranges in ascending order; a gap is a range without a country.</summary>
    private sealed class Ranges(ulong[] starts, ushort[] countries)
    {
        public string? Find(ulong address)
        {
            var at = Array.BinarySearch(starts, address);
            if (at < 0) at = ~at - 1;
            return at < 0 || countries[at] == 0 ? null : string.Create(2, countries[at], static (text, code) =>
            {
                text[0] = (char)(code >> 8);
                text[1] = (char)(code & 0xff);
            });
        }

        // Lines are "start,end,CC", ascending.
        public static Ranges Read(ZipArchiveEntry entry, Reader number)
        {
            List<ulong> starts = [];
            List<ushort> countries = [];
            var buffer = new byte[16];
            ulong next = 0;
            using var reader = new StreamReader(entry.Open());
            while (reader.ReadLine() is { } line)
            {
                var first = line.IndexOf(',', StringComparison.Ordinal);
                var second = line.IndexOf(',', first + 1);
                var start = number(line.AsSpan(0, first), buffer);
                var end = number(line.AsSpan(first + 1, second - first - 1), buffer);
                var country = (ushort)((line[second + 1] << 8) | line[second + 2]);
                if (start > next) Add(next, 0);
                Add(start, country);
                if (end == ulong.MaxValue) break;
                next = end + 1;
            }

            Add(next, 0);
            return new Ranges([.. starts], [.. countries]);

            void Add(ulong start, ushort country)
            {
                if (countries.Count > 0 && countries[^1] == country) return;
                if (starts.Count > 0 && starts[^1] >= start) return;
                starts.Add(start);
                countries.Add(country);
            }
        }
    }
}
