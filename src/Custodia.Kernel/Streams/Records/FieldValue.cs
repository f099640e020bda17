using System.Globalization;
using System.Net;
using Custodia.Kernel.Policy;

namespace Custodia.Kernel.Streams;

/// <summary>The forms a field takes: stored as text, whole number, number or nothing; compared and indexed as text.</summary>
internal static class FieldValue
{
    private static readonly HashSet<Type> Kinds =
    [
        typeof(string), typeof(bool), typeof(byte), typeof(short), typeof(int), typeof(long), typeof(uint), typeof(double), typeof(float),
        typeof(decimal), typeof(Guid), typeof(DateTimeOffset), typeof(DateOnly), typeof(TimeSpan), typeof(IPAddress),
    ];

    public static bool Supports(Type type)
    {
        var kind = Nullable.GetUnderlyingType(type) ?? type;
        return kind.IsEnum || Kinds.Contains(kind);
    }

    /// <summary>What is stored and shown: <see cref="string"/>, <see cref="long"/>, <see cref="double"/> or null.</summary>
    public static object? Stored(object? value) => value switch
    {
        null or string or long or double => value,
        bool truth => truth ? "true" : "false",
        Enum choice => FieldNames.Of(choice.ToString()),
        byte or short or int or uint => Convert.ToInt64(value, CultureInfo.InvariantCulture),
        float or decimal => Convert.ToDouble(value, CultureInfo.InvariantCulture),
        Guid id => id.ToString("D"),
        DateTimeOffset moment => Moment(moment),
        IPAddress address => Address(address),
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString(),
    };

    /// <summary>The text of a stored value.</summary>
    public static string? Text(object? stored) => stored switch
    {
        null => null,
        string text => text,
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => stored.ToString(),
    };

    /// <summary>The one form in which a value is indexed and looked up: addresses in their canonical form, all else as it is.</summary>
    public static string Indexed(LogRole? role, string text) =>
        role == LogRole.ClientIp && IPAddress.TryParse(text, out var address) ? Address(address) : text;

    public static string Moment(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static string Address(IPAddress address) => (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString();
}
