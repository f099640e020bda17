namespace Custodia.Console.Outbox;

/// <summary>What the outbox page says.</summary>
internal static class OutboxTexts
{
    private static readonly TextSource Source = new("Custodia.Console.Outbox.OutboxTexts", typeof(OutboxTexts).Assembly);

    public static string Of(string key) => Source.Of(key);
}
