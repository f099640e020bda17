using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Custodia.Kernel.Policy.Reading;

/// <summary>
/// A YAML document as written, with lines. The library's own tree refuses a file at its first repeated key; this one keeps
/// every entry, so that all findings come at once.
/// </summary>
internal abstract record YamlNode(int Line)
{
    // Deeper than any policy; keeps a malformed file from exhausting the stack.
    private const int MaxDepth = 12;

    public sealed record Scalar(string Text, bool Quoted, int Line) : YamlNode(Line);

    public sealed record List(IReadOnlyList<YamlNode> Items, int Line) : YamlNode(Line);

    public sealed record Map(IReadOnlyList<Entry> Entries, int Line) : YamlNode(Line);

    public sealed record Entry(string Key, int Line, YamlNode Value);

    /// <exception cref="YamlException">Not YAML, more than one document, or anchors, aliases and tags.</exception>
    public static YamlNode Parse(string text)
    {
        var parser = new Parser(new StringReader(text));
        parser.Consume<StreamStart>();
        parser.Consume<DocumentStart>();
        var root = Read(parser, 0);
        parser.Consume<DocumentEnd>();
        parser.Consume<StreamEnd>();
        return root;
    }

    private static YamlNode Read(IParser parser, int depth)
    {
        if (parser.Current is NodeEvent node && (!node.Anchor.IsEmpty || !node.Tag.IsEmpty))
            throw new YamlException(node.Start, node.End, "anchors and tags are not allowed in a policy");
        if (depth > MaxDepth) throw new YamlException(parser.Current!.Start, parser.Current.End, "nested too deeply");
        if (parser.TryConsume<YamlDotNet.Core.Events.Scalar>(out var scalar))
            return new Scalar(scalar.Value, scalar.Style != ScalarStyle.Plain, LineOf(scalar));
        if (parser.TryConsume<SequenceStart>(out var list))
        {
            var items = new List<YamlNode>();
            while (!parser.TryConsume<SequenceEnd>(out _)) items.Add(Read(parser, depth + 1));
            return new List(items, LineOf(list));
        }

        if (parser.TryConsume<MappingStart>(out var map))
        {
            var entries = new List<Entry>();
            while (!parser.TryConsume<MappingEnd>(out _))
            {
                var key = parser.Consume<YamlDotNet.Core.Events.Scalar>();
                entries.Add(new Entry(key.Value, LineOf(key), Read(parser, depth + 1)));
            }

            return new Map(entries, LineOf(map));
        }

        throw new YamlException(parser.Current!.Start, parser.Current.End, "aliases are not allowed in a policy");
    }

    private static int LineOf(ParsingEvent e) => (int)e.Start.Line;
}
