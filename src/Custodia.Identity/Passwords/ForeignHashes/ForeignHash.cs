using System.Security.Cryptography;

namespace Custodia.Identity.Passwords.ForeignHashes;

/// <summary>A password's hash as another system stored it. It is kept until the next sign-in with it, then replaced by one of ours.</summary>
internal abstract class ForeignHash
{
    /// <summary>The one text in which this kind is stored; never begins like one of ours, which are base64.</summary>
    public abstract string Stored { get; }

    /// <summary>
    /// Whether verifying stays within what a sign-in may cost. A hash decides how much work and memory the server spends, so one with
    /// absurd parameters would let whoever imported it stop every sign-in.
    /// </summary>
    public abstract bool IsAffordable { get; }

    public bool Matches(PlainPassword password)
    {
        var typed = System.Text.Encoding.UTF8.GetBytes(password.Text);
        try
        {
            return CryptographicOperations.FixedTimeEquals(Expected, Compute(typed));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(typed);
        }
    }

    /// <summary>Never the content.</summary>
    public override string ToString() => "(hash)";

    protected abstract byte[] Expected { get; }

    protected abstract byte[] Compute(byte[] password);
}
