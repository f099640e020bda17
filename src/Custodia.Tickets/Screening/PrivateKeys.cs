namespace Custodia.Tickets.Screening;

/// <summary>PEM (RFC 7468) and PuTTY private key blocks.</summary>
internal static class PrivateKeys
{
    private const string Begin = "-----BEGIN ";
    private const string Label = "PRIVATE KEY-----";
    private const string PgpLabel = "PRIVATE KEY BLOCK-----";
    private const string Putty = "PuTTY-User-Key-File-";

    public static void Find(string text, ref List<Finding>? found)
    {
        for (var at = text.IndexOf(Begin, StringComparison.Ordinal); at >= 0; at = text.IndexOf(Begin, at + 1, StringComparison.Ordinal))
        {
            var head = text.AsSpan(at, Math.Min(80, text.Length - at));
            if (!head.Contains(Label, StringComparison.Ordinal) && !head.Contains(PgpLabel, StringComparison.Ordinal)) continue;
            var end = text.IndexOf("-----END ", at, StringComparison.Ordinal);
            var close = end < 0 ? -1 : text.IndexOf("-----", end + 9, StringComparison.Ordinal);
            Screen.Add(ref found, SecretKind.PrivateKey, Certainty.Sure, at, (close < 0 ? text.Length : close + 5) - at);
        }

        var putty = text.IndexOf(Putty, StringComparison.Ordinal);
        if (putty >= 0) Screen.Add(ref found, SecretKind.PrivateKey, Certainty.Sure, putty, text.Length - putty);
    }
}
