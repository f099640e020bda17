using Custodia.Kernel.Hosting;
using Custodia.Kernel.Policy;

namespace Custodia.Kernel.Streams;

/// <summary>Where a stream's segments lie. What exists is asked of the disk each time, so readers in other processes see it too.</summary>
internal sealed class StreamFolder(string stream, string path)
{
    public string Stream { get; } = stream;

    public string Path { get; } = path;

    public static StreamFolder Of(DataLayout layout, PolicyCategory category) => new(
        category.Id,
        System.IO.Path.Combine(category.Storage == "main-store" ? layout.MainStreams : layout.Streams, category.Id));

    public string PathOf(SegmentId id) => System.IO.Path.Combine(Path, id.FileName);

    /// <summary>Newest first.</summary>
    public List<SegmentId> Segments()
    {
        var found = new List<SegmentId>();
        if (!Directory.Exists(Path)) return found;
        foreach (var file in Directory.EnumerateFiles(Path, "*" + SegmentId.Extension))
        {
            if (SegmentId.TryParse(Stream, System.IO.Path.GetFileNameWithoutExtension(file), out var id)) found.Add(id);
        }

        found.Sort(static (one, other) => SegmentId.ByDay.Compare(other, one));
        return found;
    }

    public void Create()
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(Path);
        else Directory.CreateDirectory(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
