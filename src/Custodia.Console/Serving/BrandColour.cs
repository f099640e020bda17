namespace Custodia.Console;

/// <summary>
/// Turns a directory's own colour into a style sheet whose accents keep the contrast of WCAG 2.2 AA (4.5:1) in both
/// themes. A style sheet of its own, because the Content-Security-Policy allows no inline styles.
/// </summary>
internal static class BrandColour
{
    private const double Wanted = 4.5;
    private static readonly Rgb LightGround = new(0xff, 0xff, 0xff);
    private static readonly Rgb DarkGround = new(0x1c, 0x23, 0x22);

    /// <param name="scope">Selector of the part of the page that takes the colour; empty for the whole.</param>
    public static string StyleSheet(int rgb, string scope = "")
    {
        var colour = new Rgb((byte)(rgb >> 16), (byte)(rgb >> 8), (byte)rgb);
        var light = Until(colour, LightGround, new(0, 0, 0));
        var dark = Until(colour, DarkGround, new(0xff, 0xff, 0xff));
        var lightRules = Rules(light, LightGround, new(0, 0, 0));
        var darkRules = Rules(dark, DarkGround, new(0xff, 0xff, 0xff));
        return $$$"""
            :root {{{scope}}}{ {{{lightRules}}} }
            @media (prefers-color-scheme:dark){:root:not([data-theme=light]) {{{scope}}}{ {{{darkRules}}} }}
            :root[data-theme=dark] {{{scope}}}{ {{{darkRules}}} }

            """;
    }

    public static double Contrast(Rgb a, Rgb b)
    {
        var (high, low) = (Math.Max(a.Luminance, b.Luminance), Math.Min(a.Luminance, b.Luminance));
        return (high + 0.05) / (low + 0.05);
    }

    private static Rgb Until(Rgb colour, Rgb ground, Rgb end)
    {
        for (var share = 0.0; share <= 1.0; share += 0.04)
        {
            var candidate = colour.Towards(end, share);
            // On the plain ground and on its own soft tint, where menus and navigation put it.
            if (Contrast(candidate, Soft(candidate, ground)) >= Wanted)
                return candidate;
        }

        return end;
    }

    private static Rgb Soft(Rgb colour, Rgb ground) => ground.Towards(colour, 0.1);

    private static string Rules(Rgb accent, Rgb ground, Rgb end) =>
        $"--accent:{accent};--accent-strong:{accent.Towards(end, 0.15)};--accent-soft:{Soft(accent, ground)};--focus:{accent};--on-accent:{InkOn(accent)}";

    private static Rgb InkOn(Rgb ground)
    {
        var (white, black) = (new Rgb(0xff, 0xff, 0xff), new Rgb(0x0b, 0x12, 0x11));
        return Contrast(white, ground) >= Contrast(black, ground) ? white : black;
    }

    /// <summary>A colour of sRGB.</summary>
    internal readonly record struct Rgb(byte Red, byte Green, byte Blue)
    {
        /// <summary>Relative luminance by WCAG 2.2, 0 to 1.</summary>
        public double Luminance => (0.2126 * Linear(Red)) + (0.7152 * Linear(Green)) + (0.0722 * Linear(Blue));

        public Rgb Towards(Rgb end, double share) =>
            new(Mix(Red, end.Red, share), Mix(Green, end.Green, share), Mix(Blue, end.Blue, share));

        public override string ToString() => $"#{Red:x2}{Green:x2}{Blue:x2}";

        private static byte Mix(byte a, byte b, double share) => (byte)Math.Round(a + ((b - a) * share));

        private static double Linear(byte channel)
        {
            var value = channel / 255.0;
            return value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);
        }
    }
}
