using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace Custodia.Identity.Protocol;

/// <summary>
/// Parameters of a protocol request. One without a value counts as absent and unknown ones are ignored (RFC 6749 section 3.1);
/// <see cref="Fault"/> names the first that is repeated, too long or not text.
/// </summary>
internal sealed class Parameters
{
    private const int DefaultLength = 2048;

    // Longer than the rest by their nature.
    private static readonly FrozenDictionary<string, int> Known = new Dictionary<string, int>(StringComparer.Ordinal)
    {
        ["client_id"] = 100,
        ["client_secret"] = 256,
        ["redirect_uri"] = DefaultLength,
        ["response_type"] = 100,
        ["response_mode"] = 20,
        ["scope"] = 4096,
        ["resource"] = DefaultLength,
        ["state"] = DefaultLength,
        ["nonce"] = 512,
        ["code_challenge"] = 128,
        ["code_challenge_method"] = 20,
        ["code_verifier"] = 128,
        ["prompt"] = 100,
        ["max_age"] = 10,
        ["login_hint"] = 320,
        ["id_token_hint"] = 8192,
        ["ui_locales"] = 100,
        ["acr_values"] = 500,
        ["claims"] = 4096,
        ["display"] = 20,
        ["request"] = 8192,
        ["request_uri"] = DefaultLength,
        ["registration"] = 8192,
        ["grant_type"] = 100,
        ["code"] = 128,
        ["refresh_token"] = 128,
        ["device_code"] = 128,
        ["token"] = 8192,
        ["token_type_hint"] = 40,
        ["access_token"] = 8192,
        ["dpop_jkt"] = 128,
        ["subject_token"] = 8192,
        ["subject_token_type"] = 100,
        ["actor_token"] = 8192,
        ["actor_token_type"] = 100,
        ["requested_token_type"] = 100,
        ["audience"] = DefaultLength,
        ["client_assertion"] = 8192,
        ["client_assertion_type"] = 100,
        ["post_logout_redirect_uri"] = DefaultLength,
        ["logout_hint"] = 320,
        ["error"] = 100,
        ["error_description"] = DefaultLength,
        ["iss"] = DefaultLength,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly HashSet<string> _blamed = new(StringComparer.Ordinal);

    public Parameters(IEnumerable<KeyValuePair<string, StringValues>> source)
    {
        foreach (var (name, values) in source)
        {
            if (!Known.TryGetValue(name, out var longest)) continue;
            if (values.Count > 1) Blame(name, $"{name} is given more than once");
            else if (values[0] is { Length: > 0 } value) Take(name, value, longest);
        }
    }

    /// <summary>Parameters as stored by <see cref="Values"/>: checked before.</summary>
    public Parameters(Dictionary<string, string> values) => _values = values;

    /// <summary>What is wrong with the first unusable parameter, in words fit for <c>error_description</c>; null when all are usable.</summary>
    public string? Fault { get; private set; }

    public IReadOnlyDictionary<string, string> Values => _values;

    /// <summary>The value; null when absent, empty or unusable.</summary>
    public string? this[string name] => _values.GetValueOrDefault(name);

    public bool Has(string name) => _values.ContainsKey(name);

    /// <summary>Whether the parameter was sent, but not in a usable form.</summary>
    public bool IsUnusable(string name) => _blamed.Contains(name);

    private void Take(string name, string value, int longest)
    {
        if (value.Length > longest) Blame(name, $"{name} is longer than {longest} characters");
        else if (value.AsSpan().IndexOfAnyInRange('\0', '\x1f') >= 0 || value.Contains('\x7f')) Blame(name, $"{name} contains control characters");
        else _values[name] = value;
    }

    private void Blame(string name, string fault)
    {
        _blamed.Add(name);
        Fault ??= fault;
    }
}

/// <summary>Reads the parameters of a protocol request.</summary>
internal static class ParameterReading
{
    /// <summary>Largest body of a protocol request in bytes.</summary>
    public const int MaxBody = 64 * 1024;

    private const string UrlEncoded = "application/x-www-form-urlencoded";

    /// <summary>The form of a POST, read once; null when the body is not <c>application/x-www-form-urlencoded</c> or cannot be read.</summary>
    public static async ValueTask<Parameters?> ReadFormAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (!request.HasFormContentType || request.ContentType?.StartsWith(UrlEncoded, StringComparison.OrdinalIgnoreCase) != true)
            return null;
        try
        {
            // Nothing else reads these forms, so that nothing has to keep them.
            return request.ContentType == UrlEncoded
                ? new Parameters(await new FormPipeReader(request.BodyReader).ReadFormAsync(cancellation))
                : new Parameters(await request.ReadFormAsync(cancellation));
        }
        catch (Exception exception) when (exception is System.IO.InvalidDataException or BadHttpRequestException)
        {
            return null;
        }
    }
}
