using System.Text;

namespace Custodia.Kernel.Policy;

/// <summary>The policy's name of a property: <c>ClientIp</c> is <c>client-ip</c>, <c>AppId</c> is <c>app-id</c>.</summary>
public static class FieldNames
{
    public static string Of(string property)
    {
        var name = new StringBuilder(property.Length + 4);
        for (var i = 0; i < property.Length; i++)
        {
            if (char.IsUpper(property[i]) && i > 0 && (!char.IsUpper(property[i - 1]) || (i + 1 < property.Length && char.IsLower(property[i + 1]))))
                name.Append('-');
            name.Append(char.ToLowerInvariant(property[i]));
        }

        return name.ToString();
    }
}
