using Custodia.Kernel.Vault;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Custodia.Kernel.Storage;

internal sealed class UnixMilliseconds() : ValueConverter<DateTimeOffset, long>(
    moment => moment.ToUnixTimeMilliseconds(),
    stored => DateTimeOffset.FromUnixTimeMilliseconds(stored));

internal sealed class SealedText() : ValueConverter<Sealed<string>, byte[]>(
    value => value.ToStored(),
    stored => new Sealed<string>(stored));

internal sealed class SealedBytes() : ValueConverter<Sealed<byte[]>, byte[]>(
    value => value.ToStored(),
    stored => new Sealed<byte[]>(stored));
