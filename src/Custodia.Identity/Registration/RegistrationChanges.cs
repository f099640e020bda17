using System.Text.Json;
using Custodia.Identity.AgeGates;
using Custodia.Identity.Directories;
using Microsoft.EntityFrameworkCore;

namespace Custodia.Identity.Registration;

/// <summary>Reads and changes what a directory asks; requests have been checked.</summary>
internal sealed class RegistrationChanges(IdentityContext database, RegistrationForms forms, AttributeRules attributes, TimeProvider time)
{
    public async Task<RegistrationAnswer> AnswerAsync(Directory directory, CancellationToken cancellation) => new(
        directory.SignUp,
        (await forms.AskedAsync(directory.Id, cancellation)).Split(' ', StringSplitOptions.RemoveEmptyEntries).Union(Words(directory.MandatoryFields), StringComparer.Ordinal).ToList(),
        Words(directory.MandatoryFields),
        (await attributes.OfAsync(directory.Id, cancellation)).ConvertAll(AttributeAnswer.Of),
        AgeGateAnswer.Of(await database.AgeGates.AsNoTracking().FirstOrDefaultAsync(g => g.DirectoryId == directory.Id, cancellation)));

    /// <summary>The directory after the change. Who may sign up and what is mandatory are the directory's own columns.</summary>
    public Task<Directory> UpdateAsync(Guid id, RegistrationRequest request, CancellationToken cancellation) =>
        database.AloneAsync(
            Turn(id),
            async token =>
            {
                var directory = await database.Directories.SingleAsync(d => d.Id == id, token);
                // Staff are made by staff: nobody signs up to the console.
                if (!directory.IsStaff) directory.SignUp = request.SignUp ?? directory.SignUp;
                if (request.MandatoryFields is { } mandatory) directory.MandatoryFields = string.Join(' ', mandatory.Distinct(StringComparer.Ordinal));
                if (request.AskedFields is { } asked)
                {
                    var settings = await database.RegistrationSettings.FindAsync([id], token);
                    if (settings is null) database.RegistrationSettings.Add(settings = new RegistrationSettings { DirectoryId = id, Account = directory.Account });
                    settings.AskedFields = string.Join(' ', asked.Distinct(StringComparer.Ordinal));
                    settings.UpdatedAt = time.GetUtcNow();
                }

                await database.SaveChangesAsync(token);
                return directory;
            },
            cancellation);

    /// <summary>Defines an attribute or defines it anew. Null when the directory has as many as it may.</summary>
    public Task<AttributeDefinition?> DefineAsync(Directory directory, string name, AttributeRequest request, CancellationToken cancellation) =>
        database.AloneAsync(
            Turn(directory.Id),
            async token =>
            {
                var definition = await database.AttributeDefinitions.FindAsync([directory.Id, name], token);
                if (definition is null)
                {
                    if (await database.AttributeDefinitions.CountAsync(a => a.DirectoryId == directory.Id, token) >= AttributeLimits.PerDirectory) return null;
                    definition = new AttributeDefinition { DirectoryId = directory.Id, Name = name, Account = directory.Account, Label = "", LabelZh = "" };
                    database.AttributeDefinitions.Add(definition);
                }

                Apply(definition, request);
                await database.SaveChangesAsync(token);
                return definition;
            },
            cancellation);

    /// <summary>Forgets a definition; values that people have stay with them. False when there is none.</summary>
    public Task<bool> ForgetAsync(Guid directory, string name, CancellationToken cancellation) =>
        database.InTransactionAsync(
            async token => await database.AttributeDefinitions.Where(a => a.DirectoryId == directory && a.Name == name).ExecuteDeleteAsync(token) > 0,
            cancellation);

    public Task<AgeGate> SetGateAsync(Directory directory, AgeGateRequest request, CancellationToken cancellation) =>
        database.AloneAsync(
            Turn(directory.Id),
            async token =>
            {
                var gate = await database.AgeGates.FindAsync([directory.Id], token);
                if (gate is null) database.AgeGates.Add(gate = new AgeGate { DirectoryId = directory.Id, Account = directory.Account });
                gate.Enabled = request.Enabled;
                gate.CountrySource = request.CountrySource;
                gate.OtherCountries = request.OtherCountries;
                gate.Ages = AgeGate.Write((request.MinimumAges ?? new Dictionary<string, int>(StringComparer.Ordinal))
                    .Where(a => !MinimumAges.ByCountry.TryGetValue(a.Key, out var built) || built != a.Value));
                gate.UpdatedAt = time.GetUtcNow();
                await database.SaveChangesAsync(token);
                return gate;
            },
            cancellation);

    private static string Turn(Guid directory) => $"registration/{directory:N}";

    private void Apply(AttributeDefinition definition, AttributeRequest request)
    {
        definition.Label = request.Label.Trim();
        definition.LabelZh = request.LabelZh.Trim();
        definition.Kind = request.Kind;
        definition.Minimum = request.Minimum;
        definition.Maximum = request.Maximum;
        definition.Choices = request.Choices is { Count: > 0 } choices ? JsonSerializer.Serialize(choices) : null;
        definition.AskedAtSignUp = request.AskedAtSignUp;
        definition.Mandatory = request.Mandatory;
        definition.EditableBy = request.EditableBy;
        definition.Position = request.Position;
        definition.UpdatedAt = time.GetUtcNow();
    }

    private static List<string> Words(string text) => [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
}
