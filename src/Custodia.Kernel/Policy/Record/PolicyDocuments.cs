using System.Collections.Concurrent;

namespace Custodia.Kernel.Policy;

/// <summary>The published forms of the loaded policy, rendered once a language.</summary>
public sealed class PolicyDocuments(LoadedPolicy policy)
{
    private readonly ConcurrentDictionary<(string Format, string Language), byte[]> _documents = new();

    /// <summary>Strong entity tag of a document: it changes with the policy only.</summary>
    public string TagOf(string format, string language) => $"\"{policy.Sha256[..16]}-{format}-{language}\"";

    /// <param name="format">One of <see cref="PolicyExport.Formats"/>.</param>
    /// <param name="language"><c>en</c> or <c>zh</c>.</param>
    public byte[] Of(string format, string language) =>
        _documents.GetOrAdd((format, language), static (key, policy) => PolicyExport.Render(policy, key.Format, key.Language), policy);
}
