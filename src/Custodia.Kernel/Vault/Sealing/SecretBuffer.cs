using System.Buffers;
using System.Security.Cryptography;

namespace Custodia.Kernel.Vault;

/// <summary>Room for plaintext: on the stack when small, else from the pool; zeroed when done.</summary>
internal readonly ref struct SecretBuffer
{
    public const int OnStack = 512;

    private readonly byte[]? _rented;

    public SecretBuffer(Span<byte> stack, int length) => Span = length <= stack.Length ? stack[..length] : (_rented = ArrayPool<byte>.Shared.Rent(length)).AsSpan(0, length);

    public Span<byte> Span { get; }

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(Span);
        if (_rented is not null) ArrayPool<byte>.Shared.Return(_rented);
    }
}
