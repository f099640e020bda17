using Custodia.Testing;

namespace Custodia.Acceptance.Contracts;

/// <summary>One server with sample content for all tests that look at it from outside.</summary>
public sealed class ProductServer : CustodiaServer
{
    public const string Name = "the product";
}

[CollectionDefinition(ProductServer.Name)]
public sealed class ProductCollection : ICollectionFixture<ProductServer>;
