namespace Custodia.Testing;

/// <summary>Programs that some tests need and not every machine has.</summary>
public static class Engines
{
    public const string PostgreSql = "postgresql";

    public const string Chromium = "chromium";

    public const string Node = "node";

    public const string Mail = "aiosmtpd";

    /// <summary>With <c>CUSTODIA_REQUIRE_ENGINES=1</c> a missing engine fails its tests; otherwise they are skipped and say why.</summary>
    public static bool Required => Environment.GetEnvironmentVariable("CUSTODIA_REQUIRE_ENGINES") == "1";

    /// <summary>Null when the engine is here, else what is missing.</summary>
    public static string? Missing(string engine) => engine switch
    {
        PostgreSql => PostgreSqlServer.BinDirectory is null ? "PostgreSQL is not installed (no initdb below /usr/lib/postgresql)." : null,
        Chromium => ChromiumPath is null ? "Chromium is not installed (/usr/bin/chromium)." : null,
        Node => FindOnPath("node") is null ? "Node.js is not installed." : null,
        Mail => File.Exists("/usr/bin/aiosmtpd") ? null : "The mail server of the tests is not installed (/usr/bin/aiosmtpd, package python3-aiosmtpd).",
        _ => throw new ArgumentOutOfRangeException(nameof(engine), engine, "Unknown engine."),
    };

    public static string? ChromiumPath =>
        new[] { "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome" }.FirstOrDefault(File.Exists);

    public static string? FindOnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
}

/// <summary>A test that needs an engine (see <see cref="Engines"/>).</summary>
public sealed class EngineFactAttribute : FactAttribute
{
    public EngineFactAttribute(string engine)
    {
        // When engines are required the test runs and fails by itself.
        if (!Engines.Required) Skip = Engines.Missing(engine);
    }
}

/// <summary>The same with data.</summary>
public sealed class EngineTheoryAttribute : TheoryAttribute
{
    public EngineTheoryAttribute(string engine)
    {
        if (!Engines.Required) Skip = Engines.Missing(engine);
    }
}
