using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;

namespace Custodia.Identity.Tests.SignIn;

/// <summary>An authenticator in software, for the server's side of WebAuthn: it signs what it is told to, also what a real one would not.</summary>
internal sealed class Authenticator(string origin, string domain) : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly byte[] _id = RandomNumberGenerator.GetBytes(16);
    private string _user = "";

    /// <summary>Where the browser says it is.</summary>
    public string Origin { get; set; } = origin;

    /// <summary>The counter; grows with each use unless a test sets it.</summary>
    public uint Counter { get; set; } = 1;

    /// <summary>Whether the person was verified by PIN or finger.</summary>
    public bool Verifies { get; set; } = true;

    /// <summary>Flags of the authenticator data (WebAuthn section 6.1) that are turned over.</summary>
    public byte Turned { get; set; }

    /// <summary>What the browser says it did; null for what it was asked to.</summary>
    public string? Did { get; set; }

    public bool CrossOrigin { get; set; }

    /// <summary>Whose passkey it says this is; null for whoever it was made for.</summary>
    public string? Handle { get; set; }

    /// <summary>The site that it answers for.</summary>
    public string Domain { get; set; } = domain;

    /// <summary>Answers <c>navigator.credentials.create</c>.</summary>
    public string Make(JsonElement options)
    {
        _user = options.GetProperty("user").GetProperty("id").GetString()!;
        var parameters = _key.ExportParameters(false);
        // COSE key: kty EC2, alg ES256, crv P-256, x, y.
        byte[] key = [0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20, .. parameters.Q.X!, 0x22, 0x58, 0x20, .. parameters.Q.Y!];
        byte[] data = [.. Data(0x41), .. new byte[16], 0, 16, .. _id, .. key];
        byte[] attestation =
        [
            0xa3,
            0x63, .. "fmt"u8, 0x64, .. "none"u8,
            0x67, .. "attStmt"u8, 0xa0,
            0x68, .. "authData"u8, 0x59, (byte)(data.Length >> 8), (byte)data.Length, .. data,
        ];
        return Credential(new JsonObject
        {
            ["clientDataJSON"] = Text(Client("webauthn.create", options.GetProperty("challenge").GetString()!)),
            ["attestationObject"] = Text(attestation),
            ["transports"] = new JsonArray("internal"),
        });
    }

    /// <summary>Answers <c>navigator.credentials.get</c>.</summary>
    public string Use(JsonElement options) => Use(options.GetProperty("challenge").GetString()!);

    public string Use(string challenge)
    {
        var client = Client("webauthn.get", challenge);
        Counter++;
        var data = Data(0x01);
        var signature = _key.SignData([.. data, .. SHA256.HashData(client)], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        return Credential(new JsonObject
        {
            ["clientDataJSON"] = Text(client),
            ["authenticatorData"] = Text(data),
            ["signature"] = Text(signature),
            ["userHandle"] = Handle ?? _user,
        });
    }

    public void Dispose() => _key.Dispose();

    private byte[] Data(byte flags)
    {
        var counter = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(counter, Counter);
        return [.. SHA256.HashData(Encoding.UTF8.GetBytes(Domain)), (byte)((flags | (Verifies ? 0x04 : 0)) ^ Turned), .. counter];
    }

    private byte[] Client(string type, string challenge) =>
        Encoding.UTF8.GetBytes(new JsonObject { ["type"] = Did ?? type, ["challenge"] = challenge, ["origin"] = Origin, ["crossOrigin"] = CrossOrigin }.ToJsonString());

    private string Credential(JsonObject response) => new JsonObject
    {
        ["id"] = Text(_id),
        ["rawId"] = Text(_id),
        ["type"] = "public-key",
        ["authenticatorAttachment"] = "platform",
        ["clientExtensionResults"] = new JsonObject(),
        ["response"] = response,
    }.ToJsonString();

    private static string Text(byte[] bytes) => WebEncoders.Base64UrlEncode(bytes);
}
