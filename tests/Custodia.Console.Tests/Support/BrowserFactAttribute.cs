namespace Custodia.Console.Tests.Support;

/// <summary>A test in real Chromium; left out where there is none, except in continuous integration, which must have it.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BrowserFactAttribute : FactAttribute
{
    public const string Chromium = "/usr/bin/chromium";

    public BrowserFactAttribute()
    {
        if (!File.Exists(Chromium) && Environment.GetEnvironmentVariable("CUSTODIA_REQUIRE_ENGINES") != "1")
            Skip = "Chromium is not installed.";
    }
}
