using Microsoft.Data.Sqlite;

namespace Custodia.Kernel.Streams;

/// <summary>Short forms for one-off statements; parameters are <c>$1</c>, <c>$2</c> …</summary>
internal static class SqliteCalls
{
    public static void Run(this SqliteConnection connection, string sql, params ReadOnlySpan<object> values)
    {
        using var command = connection.Prepare(sql, values);
        command.ExecuteNonQuery();
    }

    /// <summary>The first column of the first row; null when there is none.</summary>
    public static object? Scalar(this SqliteConnection connection, string sql, params ReadOnlySpan<object> values)
    {
        using var command = connection.Prepare(sql, values);
        var value = command.ExecuteScalar();
        return value is DBNull ? null : value;
    }

    public static long Number(this SqliteConnection connection, string sql, params ReadOnlySpan<object> values) =>
        connection.Scalar(sql, values) is long number ? number : 0;

    public static SqliteCommand Prepare(this SqliteConnection connection, string sql, params ReadOnlySpan<object> values)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < values.Length; i++) command.Parameters.Add(new SqliteParameter($"${i + 1}", values[i]));
        return command;
    }

    /// <summary>Runs a prepared command again with other values.</summary>
    public static SqliteDataReader Query(this SqliteCommand command, params ReadOnlySpan<object> values)
    {
        command.Bind(values);
        return command.ExecuteReader();
    }

    public static void Bind(this SqliteCommand command, params ReadOnlySpan<object> values)
    {
        for (var i = 0; i < values.Length; i++) command.Parameters[i].Value = values[i];
    }

    public static byte[]? Bytes(this SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetFieldValue<byte[]>(column);
}
