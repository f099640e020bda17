using Custodia.Testing;

namespace Custodia.Kernel.Tests.Http;

/// <summary>A server with <see cref="PlainModule"/> and nothing else.</summary>
public sealed class PlainServer : CustodiaServer
{
    public PlainServer() => Modules = [new PlainModule()];
}
