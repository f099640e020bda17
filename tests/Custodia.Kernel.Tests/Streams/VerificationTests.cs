using System.Security.Cryptography;
using Custodia.Kernel.Streams;
using Custodia.Kernel.Vault;
using Microsoft.Data.Sqlite;

namespace Custodia.Kernel.Tests.Streams;

/// <summary>A closed log of 4300 records, made once; each test works on a copy of its files.</summary>
public sealed class SignedLog : IAsyncLifetime
{
    public static readonly Guid Alice = Guid.CreateVersion7();

    public string Folder { get; } = Directory.CreateTempSubdirectory("custodia-signed-").FullName;

    public async Task InitializeAsync()
    {
        await using var logs = new StreamFixture(Path.Combine(Folder, "data"));
        await logs.AppendAsync(0, 2000);
        await logs.Streams.CheckpointAsync("hourly", CancellationToken.None);
        await logs.AppendAsync(2000, 300, Alice);
        await logs.AppendAsync(2300, 2000);
        await logs.Streams.CheckpointAsync("hourly", CancellationToken.None);
    }

    public Task DisposeAsync()
    {
        Directory.Delete(Folder, recursive: true);
        return Task.CompletedTask;
    }
}

public sealed class VerificationTests : IClassFixture<SignedLog>, IDisposable
{
    private const string Audit = "test.audit";

    private readonly string _folder = Directory.CreateTempSubdirectory("custodia-verify-").FullName;

    public VerificationTests(SignedLog log)
    {
        Copy(Path.Combine(log.Folder, "data"), Data);
        Copy(Path.Combine(log.Folder, "data-keys"), Data + "-keys");
    }

    private string Data => Path.Combine(_folder, "data");

    private string Segment => Path.Combine(Data, "streams", Audit, "2026-11-21.db");

    private string Checkpoints => Path.Combine(Data, "checkpoints", Audit + ".jsonl");

    [Fact]
    public void A_log_that_nobody_touched_is_valid()
    {
        var report = Verify();
        report.Findings.ShouldBeEmpty();
        var segment = report.Segments.ShouldHaveSingleItem();
        segment.Findings.ShouldBeEmpty();
        (segment.State, segment.Records, segment.NotYetSigned).ShouldBe((SegmentState.Valid, 4300, 0));
        report.IsClean.ShouldBeTrue();
    }

    [Theory]
    [InlineData("records", "time", "seq = 7")]
    [InlineData("records", "account", "seq = 7")]
    [InlineData("records", "person", "seq = 2100")]
    [InlineData("records", "marks", "seq = 7")]
    [InlineData("records", "salt", "seq = 7")]
    [InlineData("records", "plain", "seq = 7")]
    [InlineData("records", "sealed", "seq = 7")]
    [InlineData("records", "time", "seq = 4299")]
    [InlineData("records", "sealed", "seq = 4200")]
    [InlineData("header", "text", "id = 1")]
    [InlineData("header", "signed", "id = 1")]
    [InlineData("blocks", "root", "number = 0")]
    [InlineData("blocks", "min_time", "number = 0")]
    [InlineData("blocks", "max_time", "number = 0")]
    [InlineData("blocks", "accounts", "number = 0")]
    [InlineData("marks", "entries", "id = 5")]
    [InlineData("marks", "id", "id = 63")]
    public void A_changed_byte_in_any_column_is_found(string table, string column, string where)
    {
        using (var segment = Open())
        {
            var change = segment.Scalar($"SELECT {column} FROM {table} WHERE {where}") switch
            {
                byte[] bytes => Flip(bytes),
                string text => text.Replace("\"version\":1", "\"version\":2", StringComparison.Ordinal),
                long number => (object)(number + 1),
                var other => throw new InvalidOperationException($"{other}"),
            };
            segment.Run($"UPDATE {table} SET {column} = $1 WHERE {where}", change);
        }

        ShouldBeUnexplained();
    }

    [Theory]
    [InlineData("DELETE FROM records WHERE seq = 17")]
    [InlineData("DELETE FROM records WHERE seq = 4299")]
    [InlineData("DELETE FROM records WHERE seq > 100")]
    [InlineData("DELETE FROM records")]
    [InlineData("UPDATE records SET seq = -1 WHERE seq = 10; UPDATE records SET seq = 10 WHERE seq = 11; UPDATE records SET seq = 11 WHERE seq = -1")]
    [InlineData("UPDATE records SET sealed = (SELECT sealed FROM records WHERE seq = 12), salt = (SELECT salt FROM records WHERE seq = 12) WHERE seq = 11")]
    [InlineData("INSERT INTO records SELECT -1, time, account, person, marks, salt, plain, sealed FROM records WHERE seq = 5")]
    [InlineData("DELETE FROM blocks")]
    [InlineData("INSERT INTO blocks SELECT 7, root, min_time, max_time, accounts FROM blocks")]
    [InlineData("DELETE FROM marks WHERE id = 9")]
    [InlineData("INSERT INTO marks SELECT 900, entries FROM marks WHERE id = 9")]
    [InlineData("DELETE FROM header")]
    [InlineData("DROP TABLE records")]
    public void A_missing_moved_or_added_row_is_found(string change)
    {
        using (var segment = Open()) segment.Run(change);
        ShouldBeUnexplained();
    }

    [Fact]
    public void A_record_that_was_removed_like_an_erased_one_is_found_because_nothing_signed_says_so()
    {
        using (var segment = Open())
        {
            using var rows = new SegmentRows(segment);
            var leaf = rows.Find(4200)!.Value.Leaf();
            segment.Run("INSERT INTO erased (seq, leaf, batch) VALUES (4200, $1, 1)", leaf);
            segment.Run("DELETE FROM records WHERE seq = 4200");
        }

        ShouldBeUnexplained().ShouldContain("records were removed and nothing says why");
    }

    [Fact]
    public void A_missing_segment_is_found()
    {
        File.Delete(Segment);
        ShouldBeUnexplained();
    }

    [Fact]
    public void A_file_cut_in_the_middle_is_found()
    {
        using (var file = File.OpenWrite(Segment)) file.SetLength(file.Length / 2);
        ShouldBeUnexplained();
    }

    [Fact]
    public void A_cut_checkpoint_file_is_found()
    {
        var lines = File.ReadAllLines(Checkpoints);
        File.WriteAllText(Checkpoints, string.Concat(lines[..^1].Select(l => l + "\n")));
        ShouldBeUnexplained();
        File.WriteAllText(Checkpoints, string.Concat(lines[..^1].Select(l => l + "\n")) + lines[^1][..40]);
        ShouldBeUnexplained();
        File.Delete(Checkpoints);
        ShouldBeUnexplained();
    }

    [Fact]
    public void A_checkpoint_that_was_taken_out_moved_or_changed_is_found()
    {
        var lines = File.ReadAllLines(Checkpoints);
        File.WriteAllLines(Checkpoints, lines.Skip(1));
        ShouldBeUnexplained();
        File.WriteAllLines(Checkpoints, lines.Reverse());
        ShouldBeUnexplained();
        File.WriteAllLines(Checkpoints, lines.Select(l => l.Replace("\"size\":2000", "\"size\":1999", StringComparison.Ordinal)));
        ShouldBeUnexplained();
        File.WriteAllLines(Checkpoints, ["{}", .. lines]);
        ShouldBeUnexplained();
        File.WriteAllLines(Checkpoints, lines);
        Verify().IsClean.ShouldBeTrue();
    }

    [Fact]
    public void A_signature_by_another_key_is_found()
    {
        var lines = File.ReadAllLines(Checkpoints);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var content = lines[^1][..lines[^1].LastIndexOf(",\"signature\"", StringComparison.Ordinal)] + "}";
        var signature = Convert.ToBase64String(other.SignData(System.Text.Encoding.UTF8.GetBytes(content), HashAlgorithmName.SHA256));
        lines[^1] = $"{content[..^1]},\"signature\":\"{signature}\"}}";
        File.WriteAllLines(Checkpoints, lines);
        ShouldBeUnexplained();
    }

    [Fact]
    public void Someone_who_owns_the_disk_cannot_deceive_whoever_keeps_a_copy_of_checkpoints()
    {
        var copy = Path.Combine(_folder, "copy");
        Copy(Path.Combine(Data, "checkpoints"), copy);
        Verify(copy).IsClean.ShouldBeTrue();
        File.Delete(Segment);
        File.Delete(Checkpoints);
        Verify().Segments.ShouldBeEmpty();
        Verify(copy).IsClean.ShouldBeFalse();
    }

    [Fact]
    public async Task Records_behind_the_last_checkpoint_are_no_fault()
    {
        await using var logs = new StreamFixture(Data);
        await logs.AppendAsync(4300, 10);
        var report = Verify();
        report.IsClean.ShouldBeTrue();
        report.Segments.Single(s => s.Stream == Audit).NotYetSigned.ShouldBe(10);
    }

    [Fact]
    public async Task A_dropped_day_is_explained()
    {
        await using (var logs = new StreamFixture(Data))
        {
            var dropped = await logs.Streams.DropSegmentsAsync(Audit, null, "age P180D", CancellationToken.None);
            (dropped.Segments, dropped.Records).ShouldBe((1, 4300));
        }

        File.Exists(Segment).ShouldBeFalse();
        var report = Verify();
        report.IsClean.ShouldBeTrue();
        report.Segments.ShouldHaveSingleItem().State.ShouldBe(SegmentState.Expired);
    }

    [Fact]
    public async Task An_erased_person_is_explained_and_leaves_no_trace_but_leaves()
    {
        await using (var logs = new StreamFixture(Data))
        {
            var erased = await logs.Streams.ErasePersonAsync(Audit, 1, SignedLog.Alice, PersonErasure.Remove, "account-deleted", CancellationToken.None);
            (erased.Found, erased.Removed, erased.Segments).ShouldBe((300, 300, 1));
            (await logs.Streams.CountAsync(Audit, 1, SignedLog.Alice, CancellationToken.None)).ShouldBe(0);
            (await logs.AllAsync(new StreamQuery(Audit, 1))).Count.ShouldBe(4000);
            (await logs.AllAsync(new StreamQuery(Audit, 1) { RequestId = "request-002100" })).ShouldBeEmpty();
            (await logs.Streams.ErasePersonAsync(Audit, 1, SignedLog.Alice, PersonErasure.Remove, "again", CancellationToken.None)).Found.ShouldBe(0);
            await logs.AppendAsync(4300, 5000);
        }

        var report = Verify();
        report.IsClean.ShouldBeTrue(string.Join("; ", report.Segments.SelectMany(s => s.Findings)));
        var segment = report.Segments.ShouldHaveSingleItem();
        (segment.State, segment.Records, segment.Erased).ShouldBe((SegmentState.Shredded, 9000, 300));
    }

    [Fact]
    public async Task A_shredded_person_is_explained()
    {
        await using (var logs = new StreamFixture(Data))
        {
            var erased = await logs.Streams.ErasePersonAsync(Audit, 1, SignedLog.Alice, PersonErasure.Shred, "account-deleted", CancellationToken.None);
            (erased.Found, erased.Removed).ShouldBe((300, 0));
            await logs.Keys.DestroyAsync(KeyId.Subject(1, SignedLog.Alice), "erased", CancellationToken.None);
        }

        var segment = Verify().Segments.ShouldHaveSingleItem();
        (segment.State, segment.Records, segment.Shredded).ShouldBe((SegmentState.Shredded, 4300, 300));
    }

    [Fact]
    public async Task A_removal_that_was_signed_and_then_interrupted_is_explained_and_can_be_done_again()
    {
        await using (var logs = new StreamFixture(Data))
        {
            var stream = await logs.Set.OpenAsync(Audit, CancellationToken.None);
            await stream.Writer.AloneAsync(
                open =>
                {
                    var writer = open.Borrow(open.Folder.Segments()[0], out _)!;
                    new SegmentSigning(new StreamServices(logs.Keys, logs.Time, new StreamMetrics(), Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance, "", 1))
                        .Sign(open, writer, CheckpointReason.Erased, draft => draft with { Erased = new ErasedRecords(300, 1, new string('e', 64)) });
                    writer.Dispose();
                    return Task.FromResult(true);
                },
                CancellationToken.None);
            Verify().IsClean.ShouldBeTrue();
            await logs.Streams.ErasePersonAsync(Audit, 1, SignedLog.Alice, PersonErasure.Remove, "account-deleted", CancellationToken.None);
        }

        Verify().Segments.ShouldHaveSingleItem().Erased.ShouldBe(300);
        Verify().IsClean.ShouldBeTrue();
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static byte[] Flip(byte[] bytes)
    {
        bytes[bytes.Length / 2] ^= 1;
        return bytes;
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target, overwrite: true);
        }
    }

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection($"Data Source={Segment};Pooling=False");
        connection.Open();
        return connection;
    }

    private List<string> ShouldBeUnexplained()
    {
        var report = Verify();
        report.IsClean.ShouldBeFalse();
        var findings = report.Findings.Concat(report.Segments.SelectMany(s => s.Findings)).ToList();
        findings.ShouldNotBeEmpty();
        return findings;
    }

    private AuditReport Verify(string? copy = null)
    {
        using var key = ECDsa.Create();
        key.ImportFromPem(File.ReadAllText(Path.Combine(Data, "checkpoints", "public-key.pem")));
        return new AuditVerification(Data, key, copy).Run(static _ => { }, CancellationToken.None);
    }
}
