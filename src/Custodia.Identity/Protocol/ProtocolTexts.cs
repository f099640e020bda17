using Custodia.Console;

namespace Custodia.Identity.Protocol;

/// <summary>Texts of the pages that people see between an application and us.</summary>
internal static class ProtocolTexts
{
    private static readonly TextSource Source = new("Custodia.Identity.Protocol.ProtocolTexts", typeof(ProtocolTexts).Assembly);

    public static string Of(string key, params object[] values) => Source.Of(key, values);
}
