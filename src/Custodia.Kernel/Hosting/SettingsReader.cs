using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace Custodia.Kernel.Hosting;

/// <summary>Reads a section of the configuration into its options: every setting must be known and have the right form.</summary>
public static class SettingsReader
{
    /// <param name="section">Path of the section, e.g. <c>Custodia:Identity</c>.</param>
    /// <param name="others">Names below the section that others read.</param>
    /// <exception cref="ConfigurationException">A setting is unknown or has the wrong form; the first is named.</exception>
    public static TOptions Read<TOptions>(IConfiguration configuration, string section, params IEnumerable<string> others)
        where TOptions : class, new()
    {
        var settings = configuration.GetSection(section);
        CheckKnown(settings.GetChildren().ExceptBy(others, s => s.Key, StringComparer.OrdinalIgnoreCase), typeof(TOptions));
        var options = new TOptions();
        try
        {
            settings.Bind(options);
        }
        catch (InvalidOperationException e)
        {
            throw new ConfigurationException(SettingOf(e, section), "the value has the wrong form.", e);
        }

        return options;
    }

    // A mistyped name would otherwise leave the default in force without a word.
    private static void CheckKnown(IEnumerable<IConfigurationSection> settings, Type options)
    {
        foreach (var setting in settings)
        {
            var property = options.GetProperty(setting.Key, BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase)
                ?? throw new ConfigurationException(setting.Path, "there is no such setting.");
            if (property.PropertyType.Assembly == options.Assembly && property.PropertyType.IsClass) CheckKnown(setting.GetChildren(), property.PropertyType);
        }
    }

    // The binder's message quotes the path between apostrophes; it has no property for it.
    private static string SettingOf(InvalidOperationException e, string section) =>
        Array.Find(e.Message.Split('\''), part => part.StartsWith(section + ":", StringComparison.OrdinalIgnoreCase)) ?? section;
}
