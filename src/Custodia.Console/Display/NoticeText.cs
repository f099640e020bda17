namespace Custodia.Console;

/// <summary>
/// A notice that a redirect can ask for by its code, as in <c>?note=saved</c>. Only registered codes are shown, so an
/// address cannot put words into our mouth. The codes <c>saved</c>, <c>created</c>, <c>deleted</c>, <c>sent</c>,
/// <c>cancelled</c> and <c>signed-out</c> are there already.
/// </summary>
/// <param name="Code">Lower case, words joined by hyphens; unique.</param>
/// <param name="Text">The text in the language of the request.</param>
/// <param name="Tone">What it means for the reader.</param>
/// <example><code>services.AddSingleton(new NoticeText("contact-verified", () => Texts.Of("ContactVerified")));</code></example>
public sealed record NoticeText(string Code, Func<string> Text, Tone Tone = Tone.Good)
{
    /// <summary>The query parameter that carries the code.</summary>
    public const string QueryKey = "note";

    internal static readonly string[] CommonCodes = ["saved", "created", "deleted", "sent", "cancelled", "signed-out"];
}
