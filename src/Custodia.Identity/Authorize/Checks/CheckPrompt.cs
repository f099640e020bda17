using Custodia.Identity.Protocol;

namespace Custodia.Identity.Authorize.Checks;

/// <summary>Known values; <c>none</c> alone (OpenID Connect Core section 3.1.2.1; <c>create</c>: Initiating User Registration 1.0).</summary>
internal static class CheckPrompt
{
    public static ValueTask<AuthorizeAnswer?> Run(AuthorizeContext context, CancellationToken cancellation) => new(Check(context));

    private static AuthorizeAnswer? Check(AuthorizeContext context)
    {
        var prompts = Prompts.Unsaid;
        foreach (var word in Scopes.Split(context.Parameters["prompt"] ?? ""))
        {
            if (Of(word) is not { } prompt) return AuthorizeAnswer.Refuse(Errors.InvalidRequest, "prompt has an unknown value");
            prompts |= prompt;
        }

        if (prompts.HasFlag(Prompts.None) && prompts != Prompts.None)
            return AuthorizeAnswer.Refuse(Errors.InvalidRequest, "prompt none stands alone");
        context.Prompts = prompts;
        return null;
    }

    private static Prompts? Of(string word) => word switch
    {
        "none" => Prompts.None,
        "login" => Prompts.Login,
        "consent" => Prompts.Consent,
        "select_account" => Prompts.SelectAccount,
        "create" => Prompts.Create,
        _ => null,
    };
}
