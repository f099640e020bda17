namespace Custodia.Kernel.Hosting;

/// <summary>The section <c>Custodia</c> of the configuration.</summary>
public sealed class CustodiaOptions
{
    public const string Section = "Custodia";

    /// <summary>Where all data except keys lies; created at first start. Relative paths count from the working directory.</summary>
    public string DataDirectory { get; set; } = "data";

    /// <summary>Region that every record carries, e.g. <c>eu-central</c>.</summary>
    public string Region { get; set; } = "local";

    /// <summary>Address under which browsers and clients reach the server, without a trailing slash; issuers start with it.
    /// Default: the first address that the server listens on.</summary>
    public string PublicUrl { get; set; } = "http://127.0.0.1:8080";

    /// <summary>Folder of the policy files; default: <c>policy</c> beside the program.</summary>
    public string? PolicyDirectory { get; set; }

    public StorageOptions Storage { get; set; } = new();

    public KeyOptions Keys { get; set; } = new();

    public MessagingOptions Messaging { get; set; } = new();

    public HttpOptions Http { get; set; } = new();

    public DeliveryOptions Delivery { get; set; } = new();

    public StreamOptions Streams { get; set; } = new();

    /// <summary>Any of <c>web</c>, <c>worker</c>, <c>scheduler</c>, comma separated; default: all.</summary>
    public string Roles { get; set; } = "web,worker,scheduler";

    /// <summary>Whether the first start creates sample content; default: in Development only.</summary>
    public bool? SampleContent { get; set; }

    public bool HasRole(string role) =>
        Roles.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Contains(role, StringComparer.OrdinalIgnoreCase);
}

public enum StorageProvider
{
    Sqlite,
    PostgreSql,
}

public sealed class StorageOptions
{
    public StorageProvider Provider { get; set; } = StorageProvider.Sqlite;

    /// <summary>For PostgreSQL: the Npgsql connection string. For SQLite: empty (the file lies in the data directory).</summary>
    public string? ConnectionString { get; set; }
}

/// <summary>The key store: never part of a data backup.</summary>
public sealed class KeyOptions
{
    /// <summary>Folder of the key store; default: <c>keys</c> in the data directory. Production keeps it on another volume.</summary>
    public string? Directory { get; set; }

    /// <summary>File with the root key; default: <c>root.key</c> in the key folder, made on the very first start only.</summary>
    public string? RootKeyFile { get; set; }

    /// <summary>The root key itself (from an environment variable <c>Custodia__Keys__RootKey</c>); wins over the file.</summary>
    public string? RootKey { get; set; }

    /// <summary>A command that prints the root key (a KMS client); wins over file and variable.</summary>
    public string? RootKeyCommand { get; set; }
}

public enum MessagingProvider
{
    InProcess,
    RabbitMq,
}

public sealed class MessagingOptions
{
    public MessagingProvider Provider { get; set; } = MessagingProvider.InProcess;

    public string? Uri { get; set; }
}

public sealed class HttpOptions
{
    /// <summary>Addresses to listen on, separated by semicolons; <c>--urls</c> and <c>ASPNETCORE_URLS</c> win. Default: http://127.0.0.1:8080.</summary>
    public string? Urls { get; set; }

    /// <summary>Addresses or CIDR ranges of reverse proxies whose X-Forwarded-For and -Proto are believed; default: none.</summary>
    public IList<string> TrustedProxies { get; } = [];

    /// <summary>Ranges that outbound calls may reach although they are private, e.g. <c>127.0.0.0/8</c>; default: none.</summary>
    public IList<string> AllowedPrivateNetworks { get; } = [];

    /// <summary>Largest request body in bytes; default 1 MiB. Upload endpoints raise it for themselves.</summary>
    public long MaxBodyBytes { get; set; } = 1024 * 1024;

    /// <summary>Requests that one address may make a minute without a session or token; default 600.</summary>
    public int RequestsPerMinute { get; set; } = 600;

    /// <summary>Requests that one signed-in caller may make a minute; default 6,000.</summary>
    public int RequestsPerMinutePerCaller { get; set; } = 6_000;
}

/// <summary>Who carries mails and SMS. What has no provider stays in the store until the policy deletes it.</summary>
public sealed class DeliveryOptions
{
    public SmtpOptions Smtp { get; set; } = new();

    public SmsOptions Sms { get; set; } = new();
}

public sealed class SmtpOptions
{
    /// <summary>Name or address of the mail server; empty: mails are not sent.</summary>
    public string? Host { get; set; }

    public int Port { get; set; } = 587;

    /// <summary>Whether the connection is encrypted (STARTTLS) before anything is said; false is for a relay on the same machine.</summary>
    public bool StartTls { get; set; } = true;

    public string? UserName { get; set; }

    public string? Password { get; set; }

    /// <summary>Sender, e.g. <c>Custodia &lt;no-reply@example.com&gt;</c>.</summary>
    public string? From { get; set; }
}

public sealed class SmsOptions
{
    /// <summary>Address of an HTTP gateway that takes <c>POST {"id": "…", "to": "+49…", "text": "…"}</c>, once an id; empty: SMS are not sent.</summary>
    public string? Url { get; set; }

    /// <summary>Sent to the gateway as a bearer token.</summary>
    public string? Token { get; set; }

    /// <summary>How long the gateway may take to answer, in seconds; 1 to 300, default 30. Later the message counts as not taken and is brought again.</summary>
    public int TimeoutSeconds { get; set; } = 30;
}

/// <summary>The logs.</summary>
public sealed class StreamOptions
{
    /// <summary>A second folder that every signed checkpoint is copied to, best on another machine; default: none.</summary>
    public string? CheckpointCopy { get; set; }

    /// <summary>Records that a log holds in memory before appending waits; 1 to 1,000,000, default 16384.</summary>
    public int QueueLength { get; set; } = 16 * 1024;
}
