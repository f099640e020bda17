using Custodia.Kernel.Access;
using Custodia.Kernel.Policy;

namespace Custodia.Kernel.Vault;

/// <summary>Whether a request to see a sealed value is granted, and the record of it.</summary>
internal static class RevealCheck
{
    public const int ShortestReason = 3;
    public const int LongestReason = 500;

    /// <summary>Stands in the log for a purpose that the category does not declare: the words of a refused request are not kept.</summary>
    private const string UndeclaredPurpose = "(undeclared)";

    /// <summary>Null when granted.</summary>
    public static RevealOutcome<T>? Refusal<T>(RevealRequest request, PolicyCategory category)
        where T : class
    {
        var caller = request.Caller;
        var isStaff = caller.Kind is CallerKind.SubAccount or CallerKind.Application && caller.Account == request.Place.Key.Account;
        if (!isStaff || !caller.Roles.Any(role => category.Access.Contains(role)))
            return new RevealOutcome<T>.NotOnWhitelist(category.Id, category.Access);
        if (request.OnlyFor is { } named && named != caller.Person) return new RevealOutcome<T>.NotNamed();
        if (!category.Declares(request.Purpose)) return new RevealOutcome<T>.Invalid("purpose", "must be a use that the category declares");
        return request.Reason.AsSpan().Trim().Length is >= ShortestReason and <= LongestReason
            ? null
            : new RevealOutcome<T>.Invalid("reason", $"must be {ShortestReason} to {LongestReason} characters long");
    }

    public static RevealRecord Record(RevealRequest request, PolicyCategory category, string result, bool personKnown, DateTimeOffset now) => new()
    {
        Account = request.Place.Key.Account,
        Person = personKnown ? request.Subject : null,
        Time = now,
        Who = request.Caller.Name,
        Whose = request.Subject,
        Category = category.Id,
        Field = request.Place.Field,
        Purpose = category.Declares(request.Purpose) ? request.Purpose : UndeclaredPurpose,
        Reason = Shortened(request.Reason.Trim()),
        Object = request.Object,
        Result = result,
        ClientIp = request.Facts.ClientIp.ToString(),
        RequestId = request.Facts.RequestId,
    };

    /// <summary>How the log calls a refusal.</summary>
    public static string ResultOf<T>(RevealOutcome<T> refusal)
        where T : class => refusal switch
        {
            RevealOutcome<T>.NotOnWhitelist => RevealResult.NotOnWhitelist,
            RevealOutcome<T>.NotNamed => RevealResult.NotNamed,
            _ => RevealResult.Invalid,
        };

    public static bool Declares(this PolicyCategory category, string use)
    {
        for (var i = 0; i < category.Uses.Count; i++)
        {
            if (category.Uses[i].Id == use) return true;
        }

        return false;
    }

    private static string Shortened(string reason) => reason.Length <= LongestReason ? reason : reason[..LongestReason];
}
