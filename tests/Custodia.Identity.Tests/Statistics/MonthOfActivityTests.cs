using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Custodia.Identity.Passwords;
using Custodia.Identity.Statistics;
using Custodia.Identity.Tests.People;
using Custodia.Identity.Users;
using Custodia.Kernel.Deletion;
using Custodia.Kernel.Delivery;
using Custodia.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Directory = Custodia.Identity.Directories.Directory;

namespace Custodia.Identity.Tests.Statistics;

/// <summary>
/// Forty days of anything in three directories, on a clock that stands still in between: after each few days every figure of the API,
/// for each directory and for the account, equals a recount from what the test wrote down.
/// </summary>
public sealed class MonthOfActivityTests
{
    private const string Password = "a-quite-long-phrase";
    private static readonly string[] Made = ["north", "south"];
    private static readonly string?[] Countries = ["DE", "CN", "US", null];

    [Theory]
    [InlineData(1u)]
    [InlineData(20261122u)]
    public async Task After_a_month_of_anything_every_figure_equals_a_recount(uint seed)
    {
        await using var server = await PeopleServer.StartNewAsync(s => s.Time = new ManualTime(frozen: true));
        var month = new Month(server, seed);
        await month.BeginAsync();
        for (var day = 0; day < 40; day++)
        {
            await month.LiveADayAsync();
            if (day % 8 == 7 || server.Time.GetUtcNow().Day <= 2) await month.CompareAsync(seed, day);
        }

        await month.CompareAsync(seed, 40);
        month.Covered.ShouldBe(["application", "application deleted", "created", "erased", "invited", "mail", "registered", "signed in", "sms"], ignoreOrder: true);
    }

    private sealed class Month(PeopleServer server, uint seed)
    {
        private readonly ActivityModel _model = new();
        private readonly SortedSet<string> _covered = new(StringComparer.Ordinal);
        private readonly List<string> _directories = [];
        private uint _state = seed;
        private int _number;
        private string? _hash;

        public IEnumerable<string> Covered => _covered;

        private DateTimeOffset Now => server.Time.GetUtcNow();

        /// <summary>Two directories of our own beside what is there at the start, which is written down as it is.</summary>
        public async Task BeginAsync()
        {
            // Ten days before the end of a month, so that the days cross its boundary.
            var start = new DateTimeOffset(Now.Year, Now.Month, 1, 9, 30, 0, TimeSpan.Zero).AddMonths(2).AddDays(-10);
            server.Time.AdvanceTo(start);
            var admin = await server.AdminAsync();
            foreach (var (name, limit) in new[] { ("north", 6), ("south", 0) })
            {
                using var made = await admin.PostAsJsonAsync("/api/v1/directories", new { name, userLimit = limit });
                made.StatusCode.ShouldBe(HttpStatusCode.Created);
            }

            // Notices of new browsers are mails too; here only what the test sends counts.
            foreach (var name in new[] { "staff", "customers", "north", "south" })
            {
                using var quiet = await admin.PatchAsJsonAsync($"/api/v1/directories/{name}/sign-in", new { newDeviceNotice = false });
                quiet.StatusCode.ShouldBe(HttpStatusCode.OK);
            }

            await server.InScopeAsync(async services =>
            {
                var database = services.GetRequiredService<IdentityContext>();
                var homes = await database.Directories.ToDictionaryAsync(d => d.Id);
                foreach (var home in homes.Values)
                {
                    _directories.Add(home.Name);
                    _model.Limits[home.Name] = home.UserLimit;
                }

                foreach (var user in await database.Users.ToListAsync())
                    _model.People.Add(new ActivityModel.Person { Id = user.Id, Directory = homes[user.DirectoryId].Name, Joined = user.CreatedAt, Country = user.Country ?? "" });
                foreach (var application in await database.Applications.ToListAsync()) _model.Applications.Add((homes[application.DirectoryId].Name, application.Id));
                _hash = await services.GetRequiredService<PasswordHashes>().HashAsync(PlainPassword.From(Password)!, default);
            });
        }

        /// <summary>A few things at random moments, some just before and just after midnight.</summary>
        public async Task LiveADayAsync()
        {
            var midnight = new DateTimeOffset(Now.UtcDateTime.Date, TimeSpan.Zero).AddDays(1);
            for (var i = Next(5) + 2; i > 0 && Now < midnight.AddMinutes(-30); i--)
            {
                server.Time.Advance(TimeSpan.FromSeconds(1 + Next(7000)));
                await SomethingAsync();
            }

            if (Now < midnight.AddSeconds(-1)) server.Time.AdvanceTo(midnight.AddSeconds(-1));
            await SomethingAsync();
            server.Time.Advance(TimeSpan.FromSeconds(2));
            await SomethingAsync();
        }

        public async Task CompareAsync(uint seed, int day)
        {
            foreach (var scope in _directories.Select(d => new[] { d }).Append([.. _directories]))
            {
                var expected = _model.Recount(scope, Now);
                var address = scope.Length == 1 ? $"/api/v1/statistics?directory={scope[0]}" : "/api/v1/statistics";
                var shown = await (await server.AdminAsync()).GetFromJsonAsync<JsonElement>(address);
                var where = string.Create(CultureInfo.InvariantCulture, $"seed {seed}, day {day}, {address}");
                Long("users").ShouldBe(expected.Users, where);
                Long("applications").ShouldBe(expected.Applications, where);
                Long("signIns7Days").ShouldBe(expected.SignIns7Days, where);
                Long("registrations7Days").ShouldBe(expected.Registrations7Days, where);
                Long("smsUsed").ShouldBe(expected.SmsUsed, where);
                Long("mailsUsed").ShouldBe(expected.MailsUsed, where);
                new[] { Long("growthYesterday"), Long("growth7Days"), Long("growth30Days") }.ShouldBe(expected.Growth, where);
                shown.GetProperty("distribution").EnumerateArray().ToDictionary(c => c.GetProperty("country").GetString()!, c => c.GetProperty("users").GetInt64())
                    .ShouldBe(expected.Distribution, ignoreOrder: true, where);
                Ids("recentlySignedIn").ShouldBe(expected.SignedIn, where);
                shown.GetProperty("recentlyRegistered").EnumerateArray().Select(u => u.GetProperty("at").GetDateTimeOffset().ToUnixTimeMilliseconds())
                    .ShouldBe(expected.RegisteredLast.Select(at => at.ToUnixTimeMilliseconds()), where);
                Long("monthlyActiveUsers").ShouldBe(expected.Active, where);
                shown.GetProperty("usageStatus").GetString().ShouldBe(expected.Status, where);
                (shown.GetProperty("userLimit") is { ValueKind: JsonValueKind.Number } limit ? limit.GetInt64() : (long?)null).ShouldBe(expected.Limit, where);
                shown.GetProperty("thisMonth").GetString().ShouldBe(Now.ToString("yyyy-MM-01", CultureInfo.InvariantCulture), where);
                shown.GetProperty("days").EnumerateArray()
                    .Select(d => (d.GetProperty("signIns").GetInt64(), d.GetProperty("registrations").GetInt64(), d.GetProperty("growth").GetInt64()))
                    .ShouldBe(expected.Days, where);

                long Long(string name) => shown.GetProperty(name).GetInt64();
                Guid[] Ids(string name) => [.. shown.GetProperty(name).EnumerateArray().Select(u => u.GetProperty("id").GetGuid())];
            }
        }

        private Task SomethingAsync() => Next(20) switch
        {
            < 5 => JoinAsync(byThemselves: true),
            5 => JoinAsync(byThemselves: false),
            < 13 => SignInAsync(),
            13 or 14 => EraseAsync(),
            15 => AddApplicationAsync(),
            16 => RemoveApplicationAsync(),
            17 => MailAsync(),
            18 => InviteAsync(),
            _ => TextAsync(),
        };

        private async Task JoinAsync(bool byThemselves)
        {
            var (directory, country) = (Pick(Made), byThemselves ? Pick(Countries) : null);
            var name = string.Create(CultureInfo.InvariantCulture, $"someone{++_number}");
            await InDirectoryAsync(directory, async (services, home) =>
            {
                var wanted = new NewUser(home, new Profile { UserName = name, Email = $"{name}@example.com" }, EmailVerified: true, byThemselves)
                {
                    Country = country,
                    Credentials = (user, token) => services.GetRequiredService<UserPasswords>().SetHashAsync(user, _hash!, token),
                };
                var made = (RegistrationOutcome.Created)await services.GetRequiredService<UserRegistration>().CreateAsync(wanted, null, default);
                _model.People.Add(new ActivityModel.Person { Id = made.User.Id, Directory = directory, Joined = Now, Country = country ?? "", Registered = byThemselves, UserName = name });
            });
            _covered.Add(byThemselves ? "registered" : "created");
        }

        private async Task SignInAsync()
        {
            if (Somebody() is not { } person) return;
            var visitor = await server.SignInAsync(person.Directory, person.UserName!, Password);
            visitor.Status.ShouldBe(HttpStatusCode.SeeOther, visitor.Html);
            person.SignIns.Add(Now);
            _covered.Add("signed in");
        }

        private async Task EraseAsync()
        {
            if (Somebody() is not { } person) return;
            var account = await server.AccountAsync();
            await server.InScopeAsync(services =>
                services.GetServices<ISubjectData>().Single(d => d.Module == "identity").EraseAsync(new Subject(account, person.Id), default));
            person.Left = Now;
            _covered.Add("erased");
        }

        private async Task AddApplicationAsync()
        {
            var directory = Pick(Made);
            using var made = await (await server.AdminAsync()).PostAsJsonAsync("/api/v1/applications", new
            {
                directory,
                kind = "web",
                name = "App",
                redirectUris = new[] { "https://app.example/callback" },
            });
            made.StatusCode.ShouldBe(HttpStatusCode.Created, await made.Content.ReadAsStringAsync());
            var answer = await made.Content.ReadFromJsonAsync<JsonElement>();
            _model.Applications.Add((directory, answer.GetProperty("application").GetProperty("id").GetGuid()));
            _covered.Add("application");
        }

        private async Task RemoveApplicationAsync()
        {
            if (_model.Applications.FindIndex(a => Made.Contains(a.Directory)) is not (>= 0 and var at)) return;
            using var gone = await (await server.AdminAsync()).DeleteAsync($"/api/v1/applications/{_model.Applications[at].Id}");
            gone.StatusCode.ShouldBe(HttpStatusCode.NoContent);
            _model.Applications.RemoveAt(at);
            _covered.Add("application deleted");
        }

        private async Task MailAsync()
        {
            if (Somebody() is not { } person) return;
            var visitor = server.Visitor();
            await visitor.OpenAsync($"/d/{person.Directory}/sign-in/code");
            await visitor.PostAsync($"/d/{person.Directory}/sign-in/code", ("email", $"{person.UserName}@example.com"));
            visitor.Status.ShouldBe(HttpStatusCode.OK);
            _model.Mails.Add(person.Directory);
            _covered.Add("mail");
        }

        private async Task InviteAsync()
        {
            var directory = Pick(Made);
            using var made = await (await server.AdminAsync()).PostAsJsonAsync(
                $"/api/v1/directories/{directory}/invitations", new { email = string.Create(CultureInfo.InvariantCulture, $"guest{++_number}@example.com") });
            made.StatusCode.ShouldBe(HttpStatusCode.Created);
            _model.Mails.Add(directory);
            _covered.Add("invited");
        }

        private async Task TextAsync()
        {
            var directory = Pick(Made);
            await InDirectoryAsync(directory, (services, home) =>
                services.GetRequiredService<IdentityContext>().InTransactionAsync(
                    token => services.GetRequiredService<Increments>().SentAsync(home, Channel.Sms, token), default));
            _model.Texts.Add(directory);
            _covered.Add("sms");
        }

        private Task InDirectoryAsync(string name, Func<IServiceProvider, Directory, Task> work) => server.InScopeAsync(async services =>
            await work(services, await services.GetRequiredService<IdentityContext>().Directories.AsNoTracking().SingleAsync(d => d.Name == name)));

        private ActivityModel.Person? Somebody()
        {
            var here = _model.People.Where(p => p.Left is null && p.UserName is not null).ToList();
            return here.Count == 0 ? null : here[Next(here.Count)];
        }

        private T Pick<T>(T[] all) => all[Next(all.Length)];

        // Xorshift: the same each time, so that a failure can be repeated by its seed.
        private int Next(int below)
        {
            _state ^= _state << 13;
            _state ^= _state >> 17;
            _state ^= _state << 5;
            return (int)(_state % (uint)below);
        }
    }
}
