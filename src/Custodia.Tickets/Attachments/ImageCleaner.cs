namespace Custodia.Tickets.Attachments;

/// <summary>
/// Copies an image without what is not picture: camera, place, author, comments, thumbnails, colour profiles with device names, and
/// anything hidden behind its end. Pixels are copied as they are.
/// </summary>
internal static class ImageCleaner
{
    /// <returns>False when the bytes are not a whole image of the type.</returns>
    public static async ValueTask<bool> CleanAsync(FileType type, ForwardReader source, Stream target, CancellationToken cancellation)
    {
        var whole = type.MediaType switch
        {
            "image/jpeg" => await JpegCleaner.CleanAsync(source, target, cancellation),
            "image/png" => await PngCleaner.CleanAsync(source, target, cancellation),
            "image/gif" => await GifCleaner.CleanAsync(source, target, cancellation),
            "image/webp" => await WebPCleaner.CleanAsync(source, target, cancellation),
            _ => throw new ArgumentOutOfRangeException(nameof(type)),
        };
        if (whole) await source.CopyRestAsync(null, cancellation);
        return whole;
    }
}
