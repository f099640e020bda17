using Custodia.Identity.Directories;
using Custodia.Identity.SignUp;

namespace Custodia.Identity.Invitations;

/// <summary>Joining by an invitation: it is used up and the user made in one transaction.</summary>
internal sealed class InvitedSignUp(IdentityContext database, InvitationStore invitations, NewPeople people)
{
    public Task<SignUpOutcome> JoinAsync(Directory directory, Invitation invitation, SignUpData data, CancellationToken cancellation) =>
        database.InTransactionAsync(
            async token =>
            {
                if (!await invitations.UseAsync(invitation, token)) return new SignUpOutcome.Refused();
                var outcome = await people.CreateAsync(directory, data, invitation.Id, static (_, _) => Task.CompletedTask, token);
                if (outcome is SignUpOutcome.UserNameTaken) await invitations.ReopenAsync(invitation, token);
                return outcome;
            },
            cancellation);
}
