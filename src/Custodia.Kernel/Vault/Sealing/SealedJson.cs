using System.Text.Json;
using System.Text.Json.Serialization;

namespace Custodia.Kernel.Vault;

/// <summary>Refuses to write a sealed value as JSON, ciphertext included: an answer carries masks or revealed values, never this type.</summary>
internal sealed class SealedJson : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) => typeToConvert.IsGenericType && typeToConvert.GetGenericTypeDefinition() == typeof(Sealed<>);

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        typeToConvert == typeof(Sealed<string>) ? new Refusing<string>() : new Refusing<byte[]>();

    private sealed class Refusing<T> : JsonConverter<Sealed<T>>
        where T : class
    {
        public override Sealed<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw Refusal();

        public override void Write(Utf8JsonWriter writer, Sealed<T> value, JsonSerializerOptions options) => throw Refusal();

        private static NotSupportedException Refusal() => new("A sealed value has no JSON: mask it or reveal it.");
    }
}
