using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Custodia.Identity.Tests.Jobs;

/// <summary>Imports and exports through the API.</summary>
internal static class JobClient
{
    public static async Task<JsonElement> UploadAsync(this HttpClient admin, string content, string type = "text/csv", string directory = "customers")
    {
        using var body = new ByteArrayContent(Encoding.UTF8.GetBytes(content));
        body.Headers.ContentType = new MediaTypeHeaderValue(type);
        using var answer = await admin.PostAsync($"/api/v1/jobs/imports?directory={directory}", body);
        answer.StatusCode.ShouldBe(HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    public static async Task StartAsync(this HttpClient admin, JsonElement job, object plan)
    {
        using var answer = await admin.PostAsJsonAsync($"/api/v1/jobs/{job.GetProperty("id").GetGuid()}/start", plan);
        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted, await answer.Content.ReadAsStringAsync());
    }

    public static async Task<JsonElement> ImportAsync(this HttpClient admin, string content, object plan, string type = "text/csv")
    {
        var job = await admin.UploadAsync(content, type);
        await admin.StartAsync(job, plan);
        return await admin.EndOfAsync(job);
    }

    public static async Task<JsonElement> EndOfAsync(this HttpClient admin, JsonElement job)
    {
        for (var tries = 0; tries < 600; tries++)
        {
            var now = await admin.GetFromJsonAsync<JsonElement>($"/api/v1/jobs/{job.GetProperty("id").GetGuid()}");
            if (now.GetProperty("status").GetString() is "done" or "failed" or "cancelled") return now;
            await Task.Delay(100);
        }

        throw new TimeoutException("The job does not end.");
    }

    public static (int Created, int Updated, int Skipped, int Failed) Figures(this JsonElement job) =>
        (job.GetProperty("created").GetInt32(), job.GetProperty("updated").GetInt32(), job.GetProperty("skipped").GetInt32(), job.GetProperty("failed").GetInt32());
}
