using Custodia.Console;

namespace Custodia.Identity.Device;

/// <summary>Texts of the pages on which people let devices in.</summary>
internal static class DeviceTexts
{
    private static readonly TextSource Source = new("Custodia.Identity.Device.DeviceTexts", typeof(DeviceTexts).Assembly);

    public static string Of(string key, params object[] values) => Source.Of(key, values);
}
