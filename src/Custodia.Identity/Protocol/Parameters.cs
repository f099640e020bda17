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
        ["max_age"] = 20,
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

    private static readonly FrozenDictionary<string, string> KnownInAnyCase = Known.Keys.ToFrozenDictionary(name => name, StringComparer.OrdinalIgnoreCase);

    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    public Parameters(IEnumerable<KeyValuePair<string, StringValues>> source)
    {
        foreach (var (name, values) in source)
        {
            if (!Known.TryGetValue(name, out var longest))
            {
                // The framework reads names of a form in any case and puts their values together; which was meant cannot be told any more.
                if (values.Count > 1 && KnownInAnyCase.TryGetValue(name, out var meant)) Blame(meant, $"{meant} is given more than once");
                continue;
            }

            if (values.Count > 1) Blame(name, $"{name} is given more than once");
            else if (values[0] is { Length: > 0 } value) Take(name, value, longest);
        }
    }

    /// <summary>Parameters of an address. Names count in their own case (RFC 6749 section 1.9), which the framework does not tell apart.</summary>
    public static Parameters OfQuery(QueryString query)
    {
        var values = new Dictionary<string, StringValues>(StringComparer.Ordinal);
        foreach (var pair in new QueryStringEnumerable(query.Value))
        {
            var name = pair.DecodeName().ToString();
            if (Known.ContainsKey(name)) values[name] = StringValues.Concat(values.GetValueOrDefault(name), pair.DecodeValue().ToString());
        }

        return new Parameters(values);
    }

    /// <summary>Parameters as stored by <see cref="Values"/>: checked before.</summary>
    public Parameters(Dictionary<string, string> values) => _values = values;

    /// <summary>What is wrong with the first unusable parameter; null when all are usable. A target has a code of its own (RFC 8707 section 2, RFC 8693 section 2.2.2).</summary>
    public ProtocolError? Fault { get; private set; }

    public IReadOnlyDictionary<string, string> Values => _values;

    /// <summary>The value; null when absent, empty or unusable.</summary>
    public string? this[string name] => _values.GetValueOrDefault(name);

    public bool Has(string name) => _values.ContainsKey(name);

    private void Take(string name, string value, int longest)
    {
        if (value.Length > longest) Blame(name, $"{name} is longer than {longest} characters");
        else if (value.AsSpan().IndexOfAnyInRange('\0', '\x1f') >= 0 || value.Contains('\x7f')) Blame(name, $"{name} contains control characters");
        else _values[name] = value;
    }

    private void Blame(string name, string fault) =>
        Fault ??= new ProtocolError(name is "resource" or "audience" ? Errors.InvalidTarget : Errors.InvalidRequest, fault);
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
        // The last: a charset that .NET refuses to read, UTF-7.
        catch (Exception exception) when (exception is System.IO.InvalidDataException or BadHttpRequestException or NotSupportedException)
        {
            return null;
        }
    }
}
