using System.Data.Common;

namespace Custodia.Kernel.Storage.Statements;

/// <summary>Gives a command its values, in the form in which the tables store them.</summary>
internal static class Binding
{
    public static void Bind(DbCommand command, object?[] values)
    {
        while (command.Parameters.Count < values.Length)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = "@p" + command.Parameters.Count;
            command.Parameters.Add(parameter);
        }

        for (var i = 0; i < values.Length; i++) command.Parameters[i].Value = Stored(values[i]);
    }

    private static object Stored(object? value) => value switch
    {
        null => DBNull.Value,
        DateTimeOffset moment => moment.ToUnixTimeMilliseconds(),
        Enum name => name.ToString(),
        _ => value,
    };
}
