using Custodia.Console;
using Custodia.Identity.Administration;
using Custodia.Identity.Jobs.Exports;
using Custodia.Identity.Jobs.Imports;
using Custodia.Identity.PersonData;
using Custodia.Identity.Users;
using Custodia.Kernel.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Custodia.Identity.Jobs;

/// <summary>Imports and exports of users.</summary>
internal static class JobRegistration
{
    public static void AddJobs(this ModuleBuilder module)
    {
        var services = module.Services;
        services.AddSingleton<JobSignal>();
        services.AddSingleton<JobFiles>();
        services.AddSingleton<JobCallers>();
        services.AddSingleton<ImportRun>();
        services.AddSingleton<ExportRun>();
        services.AddScoped<UserIntake>();
        services.AddScoped<JobQueue>();
        services.AddScoped<JobProgress>();
        services.AddScoped<JobTidying>();
        services.AddScoped<JobQueries>();
        services.AddScoped<JobDownloads>();
        services.AddScoped<ImportUploads>();
        services.AddScoped<ImportMatch>();
        services.AddScoped<ImportUpdate>();
        services.AddScoped<ImportWriting>();
        services.AddScoped<ImportBatch>();
        services.AddScoped<ExportStart>();
        services.AddScoped<ExportPages>();
        services.AddScoped<ExportProgress>();
        services.AddHostedService<JobWorker>();
        // Before the user's own part: it looks up which directory the person is of.
        services.AddScoped<IPersonData, JobData>();
        services.AddSingleton(new NavItem(NavArea.Identity, () => JobTexts.Of("Jobs"), "/console/user-jobs", "upload", 16, Permissions.UsersRead));
        module.AddShape<JobFilePart>();
        module.AddRetentionRule<JobAge>().AddRetentionRule<JobFileAge>();
    }

    public static void MapJobs(this IEndpointRouteBuilder routes)
    {
        routes.MapJobsApi();
        routes.MapJobPages();
    }
}
