using System.Net;
using Microsoft.Extensions.Configuration;

namespace Custodia.Kernel.Hosting;

/// <summary>Reads and checks the settings; the first that is wrong is named.</summary>
internal static class CustodiaOptionsCheck
{
    private static readonly string[] KnownRoles = ["web", "worker", "scheduler"];

    /// <summary>Reads the section <c>Custodia</c>.</summary>
    /// <param name="modules">Names of the modules that read a section of their own below it.</param>
    /// <exception cref="ConfigurationException">A setting is wrong.</exception>
    public static CustodiaOptions Read(IConfiguration configuration, IEnumerable<string> modules)
    {
        var options = SettingsReader.Read<CustodiaOptions>(configuration, CustodiaOptions.Section, modules);
        if (string.IsNullOrEmpty(configuration[$"{CustodiaOptions.Section}:PublicUrl"]) && FirstUrl(configuration) is { } url) options.PublicUrl = url;
        Check(options);
        return options;
    }

    private static void Check(CustodiaOptions options)
    {
        Require(!string.IsNullOrWhiteSpace(options.DataDirectory), "DataDirectory", "it must not be empty.");
        Require(
            options.Region.Length is > 0 and <= 40 && options.Region.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'),
            "Region",
            "it must be 1 to 40 letters, digits and dashes.");
        Require(IsOrigin(options.PublicUrl), "PublicUrl", "it must be an http or https address without path, query and trailing slash.");
        Require(
            options.Storage.Provider != StorageProvider.PostgreSql || !string.IsNullOrWhiteSpace(options.Storage.ConnectionString),
            "Storage:ConnectionString",
            "PostgreSQL needs a connection string.");
        Require(
            options.Messaging.Provider == MessagingProvider.InProcess,
            "Messaging:Provider",
            "RabbitMq is not available in this version; use InProcess.");
        var roles = options.Roles.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        Require(
            roles.Length > 0 && roles.All(r => KnownRoles.Contains(r, StringComparer.OrdinalIgnoreCase)),
            "Roles",
            "it must name one or more of web, worker and scheduler.");
        Require(options.Streams.QueueLength is >= 1 and <= 1_000_000, "Streams:QueueLength", "it must be 1 to 1,000,000.");
        CheckHttp(options.Http);
        CheckDelivery(options.Delivery);
    }

    private static void CheckDelivery(DeliveryOptions delivery)
    {
        Require(delivery.Smtp.Port is > 0 and < 65_536, "Delivery:Smtp:Port", "it must be 1 to 65,535.");
        Require(
            string.IsNullOrEmpty(delivery.Smtp.Host) || System.Net.Mail.MailAddress.TryCreate(delivery.Smtp.From, out _),
            "Delivery:Smtp:From",
            "a mail server needs a sender address.");
        Require(
            string.IsNullOrEmpty(delivery.Sms.Url) || (Uri.TryCreate(delivery.Sms.Url, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"),
            "Delivery:Sms:Url",
            "it must be an http or https address.");
        Require(delivery.Sms.TimeoutSeconds is >= 1 and <= 300, "Delivery:Sms:TimeoutSeconds", "it must be 1 to 300.");
    }

    private static void CheckHttp(HttpOptions http)
    {
        foreach (var range in http.TrustedProxies) Require(IsNetwork(range), "Http:TrustedProxies", "each entry must be an address or a CIDR range.");
        foreach (var range in http.AllowedPrivateNetworks) Require(IsNetwork(range), "Http:AllowedPrivateNetworks", "each entry must be an address or a CIDR range.");
        Require(http.MaxBodyBytes is >= 1024 and <= 1024L * 1024 * 1024, "Http:MaxBodyBytes", "it must be 1,024 to 1,073,741,824.");
        Require(http.RequestsPerMinute > 0, "Http:RequestsPerMinute", "it must be at least 1.");
        Require(http.RequestsPerMinutePerCaller > 0, "Http:RequestsPerMinutePerCaller", "it must be at least 1.");
    }

    private static void Require(bool holds, string setting, string rule)
    {
        if (!holds) throw new ConfigurationException($"{CustodiaOptions.Section}:{setting}", rule);
    }

    private static bool IsNetwork(string text) => IPAddress.TryParse(text, out _) || IPNetwork.TryParse(text, out _);

    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url)
        && url.Scheme is "http" or "https"
        && url.PathAndQuery == "/"
        && url.Fragment.Length == 0
        && url.UserInfo.Length == 0
        && !text.EndsWith('/');

    /// <summary>The first address to listen on, as a client on this machine would write it.</summary>
    private static string? FirstUrl(IConfiguration configuration)
    {
        var first = (configuration["urls"] ?? configuration[$"{CustodiaOptions.Section}:Http:Urls"] ?? "").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
        if (first is null) return null;
        first = first.Replace("://+", "://127.0.0.1", StringComparison.Ordinal).Replace("://*", "://127.0.0.1", StringComparison.Ordinal);
        if (!Uri.TryCreate(first, UriKind.Absolute, out var url) || url.Port <= 0) return null;
        var host = url.Host is "0.0.0.0" or "[::]" ? "127.0.0.1" : url.Host;
        return $"{url.Scheme}://{host}{(url.IsDefaultPort ? "" : $":{url.Port}")}";
    }
}
