using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Custodia.Tickets.Attachments;

namespace Custodia.Tickets.Tests.Attachments;

/// <summary>Pictures are built here byte by byte, with a secret wherever one can hide.</summary>
public sealed class ImageCleanerTests
{
    [Fact]
    public async Task A_JPEG_loses_EXIF_comments_thumbnails_and_what_lies_behind_its_end()
    {
        var cleaned = await CleanAsync(FileType.Jpeg, Pictures.Jpeg(withSecrets: true));
        cleaned.ShouldNotBeNull();
        Contains(cleaned, "SECRET").ShouldBeFalse();
        cleaned.ShouldBe(Pictures.Jpeg(withSecrets: false));
    }

    [Fact]
    public async Task A_PNG_keeps_its_pixels_and_loses_texts_times_and_EXIF()
    {
        var cleaned = await CleanAsync(FileType.Png, Pictures.Png(withSecrets: true));
        cleaned.ShouldBe(Pictures.Png(withSecrets: false));
    }

    [Fact]
    public async Task A_GIF_loses_comments_and_foreign_extensions_and_keeps_its_animation()
    {
        var cleaned = await CleanAsync(FileType.Gif, Pictures.Gif(withSecrets: true));
        cleaned.ShouldBe(Pictures.Gif(withSecrets: false));
    }

    [Fact]
    public async Task A_WebP_keeps_its_length_and_loses_EXIF_and_XMP()
    {
        var picture = Pictures.WebP();
        var cleaned = await CleanAsync(FileType.WebP, picture);
        cleaned.ShouldNotBeNull();
        cleaned.Length.ShouldBe(picture.Length);
        Contains(cleaned, "SECRET").ShouldBeFalse();
        Contains(cleaned, "EXIF").ShouldBeFalse();
        (cleaned[20] & 0x0C).ShouldBe(0);
        Contains(cleaned, "PIXELS").ShouldBeTrue();
    }

    [Theory]
    [InlineData("image/png")]
    [InlineData("image/jpeg")]
    [InlineData("image/gif")]
    [InlineData("image/webp")]
    public async Task A_picture_cut_off_anywhere_is_refused(string mediaType)
    {
        var (type, whole) = mediaType switch
        {
            "image/png" => (FileType.Png, Pictures.Png(true)[..^21]),
            "image/jpeg" => (FileType.Jpeg, Pictures.Jpeg(true)[..^6]),
            "image/gif" => (FileType.Gif, Pictures.Gif(true)),
            _ => (FileType.WebP, Pictures.WebP()),
        };
        for (var length = 12; length < whole.Length; length += 7) (await CleanAsync(type, whole[..length])).ShouldBeNull($"{length} of {whole.Length}");
    }

    [Fact]
    public void The_type_is_told_by_content_and_the_name_gets_its_ending()
    {
        FileType.Of(Pictures.Png(false).AsSpan(0, 16)).ShouldBe(FileType.Png);
        FileType.Of("MZ\u0090\0\u0003\0"u8).ShouldBeNull();
        FileType.Of("PK\u0003\u0004abc"u8).ShouldBeNull();
        FileType.Of("<svg xmlns="u8).ShouldBe(FileType.Text);
        FileType.Png.SafeName("../../etc/passwd").ShouldBe("passwd.png");
        FileType.Png.SafeName(@"C:\temp\evil.exe").ShouldBe("evil.exe.png");
        FileType.Text.SafeName("log.txt").ShouldBe("log.txt");
        FileType.Text.SafeName("a\u202Egnp.txt").ShouldBe("agnp.txt");
        FileType.Text.SafeName("..").ShouldBe("file.txt");
        FileType.Jpeg.SafeName(null).ShouldBe("file.jpg");
    }

    [Fact]
    public void Text_is_UTF_8_without_control_characters()
    {
        FileType.ReadText("héllo 你好\n"u8).ShouldBe("héllo 你好\n");
        FileType.ReadText([0xEF, 0xBB, 0xBF, (byte)'a']).ShouldBe("a");
        FileType.ReadText([(byte)'a', 0xFF]).ShouldBeNull();
        FileType.ReadText([(byte)'a', 0]).ShouldBeNull();
    }

    [Fact]
    public async Task More_bytes_than_allowed_are_noticed_while_they_come()
    {
        using var reader = new ForwardReader(new MemoryStream(new byte[70_000]), 65_000);
        await Should.ThrowAsync<UploadTooLargeException>(async () => await reader.CopyRestAsync(null, default));
    }

    private static async Task<byte[]?> CleanAsync(FileType type, byte[] picture)
    {
        using var source = new ForwardReader(new MemoryStream(picture), 10_000_000);
        using var target = new MemoryStream();
        return await ImageCleaner.CleanAsync(type, source, target, default) ? target.ToArray() : null;
    }

    private static bool Contains(byte[] bytes, string text) => bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(text)) >= 0;
}

/// <summary>Small pictures with and without metadata.</summary>
internal static class Pictures
{
    public static byte[] Jpeg(bool withSecrets)
    {
        var jpeg = new List<byte> { 0xFF, 0xD8 };
        jpeg.AddRange([0xFF, 0xE0, 0, 16, .. "JFIF\0"u8, 1, 1, 0, 0, 1, 0, 1, 0, 0]);
        if (withSecrets)
        {
            // The same header again, as a thumbnail of its own; then EXIF, ICC, a comment.
            Segment(jpeg, 0xE0, [.. "JFXX\0"u8, 0x10, .. "SECRET"u8]);
            Segment(jpeg, 0xE1, [.. "Exif\0\0SECRET"u8]);
            Segment(jpeg, 0xE2, [.. "ICC_PROFILE\0SECRET"u8]);
            Segment(jpeg, 0xFE, [.. "SECRET"u8]);
        }

        Segment(jpeg, 0xDB, new byte[65]);
        Segment(jpeg, 0xC0, [8, 0, 1, 0, 1, 1, 1, 0x11, 0]);
        Segment(jpeg, 0xDA, [1, 1, 0, 0, 63, 0]);
        jpeg.AddRange([0x12, 0xFF, 0x00, 0x34, 0xFF, 0xD0, 0x56]);
        Segment(jpeg, 0xC4, new byte[20]);
        Segment(jpeg, 0xDA, [1, 1, 0, 0, 63, 0]);
        jpeg.AddRange([0x78, 0xFF, 0xD9]);
        if (withSecrets) jpeg.AddRange("SECRET"u8);
        return [.. jpeg];
    }

    public static byte[] Png(bool withSecrets)
    {
        var png = new List<byte> { 0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A };
        Chunk(png, "IHDR", [0, 0, 0, 1, 0, 0, 0, 1, 8, 2, 0, 0, 0]);
        if (withSecrets)
        {
            Chunk(png, "tEXt", [.. "Author\0SECRET"u8]);
            Chunk(png, "iCCP", [.. "SECRET"u8]);
            Chunk(png, "eXIf", [.. "SECRET"u8]);
            Chunk(png, "tIME", new byte[7]);
        }

        using var pixels = new MemoryStream();
        using (var zip = new ZLibStream(pixels, CompressionLevel.Optimal, leaveOpen: true)) zip.Write([0, 255, 0, 0]);
        Chunk(png, "IDAT", pixels.ToArray());
        if (withSecrets) Chunk(png, "zTXt", [.. "SECRET"u8]);
        Chunk(png, "IEND", []);
        if (withSecrets) png.AddRange("SECRET behind the end"u8);
        return [.. png];
    }

    public static byte[] Gif(bool withSecrets)
    {
        var gif = new List<byte>();
        gif.AddRange([.. "GIF89a"u8, 1, 0, 1, 0, 0x80, 0, 0, 0, 0, 0, 255, 255, 255]);
        gif.AddRange([0x21, 0xFF, 11, .. "NETSCAPE2.0"u8, 3, 1, 0, 0, 0]);
        if (withSecrets)
        {
            gif.AddRange([0x21, 0xFE, 6, .. "SECRET"u8, 0]);
            gif.AddRange([0x21, 0xFF, 11, .. "XMP DataXMP"u8, 6, .. "SECRET"u8, 0]);
        }

        gif.AddRange([0x21, 0xF9, 4, 0, 0, 0, 0, 0]);
        gif.AddRange([0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0]);
        if (withSecrets) gif.AddRange([0x21, 0xFE, 6, .. "SECRET"u8, 0]);
        gif.Add(0x3B);
        return [.. gif];
    }

    public static byte[] WebP()
    {
        var chunks = new List<byte>();
        Riff(chunks, "VP8X", [0x0C, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        Riff(chunks, "VP8 ", [.. "PIXELS!"u8]);
        Riff(chunks, "EXIF", [.. "SECRET EXIF"u8]);
        Riff(chunks, "XMP ", [.. "SECRET"u8]);
        var size = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(size, chunks.Count + 4);
        return [.. "RIFF"u8, .. size, .. "WEBP"u8, .. chunks];
    }

    private static void Segment(List<byte> jpeg, byte marker, byte[] body) =>
        jpeg.AddRange([0xFF, marker, (byte)((body.Length + 2) >> 8), (byte)(body.Length + 2), .. body]);

    private static void Chunk(List<byte> png, string name, byte[] body)
    {
        var length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, body.Length);
        byte[] named = [.. Encoding.ASCII.GetBytes(name), .. body];
        var sum = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(sum, Crc(named));
        png.AddRange([.. length, .. named, .. sum]);
    }

    private static void Riff(List<byte> chunks, string name, byte[] body)
    {
        var length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, body.Length);
        chunks.AddRange([.. Encoding.ASCII.GetBytes(name), .. length, .. body]);
        if (body.Length % 2 == 1) chunks.Add(0);
    }

    private static uint Crc(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var i = 0; i < 8; i++) crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
        }

        return ~crc;
    }
}
