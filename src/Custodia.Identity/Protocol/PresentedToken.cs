namespace Custodia.Identity.Protocol;

/// <summary>An access token as a request carries it.</summary>
/// <param name="IsDpop">Sent with the scheme <c>DPoP</c> (RFC 9449 section 7.1), so a proof has to come along; else as a bearer token.</param>
internal sealed record PresentedToken(string Text, bool IsDpop)
{
    private const int MaxLength = 8192;

    /// <summary>Reads an <c>Authorization</c> header; null when its scheme is none of ours or the token is too long.</summary>
    public static PresentedToken? Of(string authorization)
    {
        var blank = authorization.IndexOf(' ', StringComparison.Ordinal);
        if (blank < 0) return null;
        var scheme = authorization.AsSpan(0, blank);
        var text = authorization[(blank + 1)..].Trim();
        if (text.Length is 0 or > MaxLength) return null;
        if (scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase)) return new PresentedToken(text, IsDpop: false);
        return scheme.Equals("DPoP", StringComparison.OrdinalIgnoreCase) ? new PresentedToken(text, IsDpop: true) : null;
    }

    /// <summary>Never the token.</summary>
    public override string ToString() => "(access token)";
}
