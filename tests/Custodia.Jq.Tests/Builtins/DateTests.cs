namespace Custodia.Jq.Tests.Builtins;

public sealed class DateTests
{
    private static readonly JqOptions Berlin = JqOptions.Default with { TimeZone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin") };

    [Theory]
    [InlineData("1425599621.678 | gmtime, todate", """[2015,2,5,23,53,41.67799997329712,4,63] "2015-03-05T23:53:41Z" """)]
    [InlineData("-62135596801, 1e11 | gmtime", "[0,11,31,23,59,59,0,365] [5138,10,16,9,46,40,3,319]")]
    [InlineData("-99999999999 | todate", """ "-1199-02-15T14:13:21Z" """)]
    [InlineData("1e18, nan, infinite | try gmtime catch .", """ "error converting number of seconds since epoch to datetime" "error converting number of seconds since epoch to datetime" "error converting number of seconds since epoch to datetime" """)]
    [InlineData("""[2015, 14, 35, 25, 61, 61, 4, 63], [2015], [] | mktime""", "1459821721 1419984000 -2209075200")]
    [InlineData("""["a"], 1 | try mktime catch .""", """ "mktime requires parsed datetime inputs" "mktime requires array inputs" """)]
    public void Moments_come_apart_and_together_again(string program, string expected) => Outputs.Of(program).ShouldBe(expected.Trim());

    [Theory]
    [InlineData("%Y-%m-%d %H:%M:%S %Z %z", "2015-03-05 23:53:41 GMT +0000")]
    [InlineData("%a %A %b %B %h %j %e %y %C", "Thu Thursday Mar March Mar 064  5 15 20")]
    [InlineData("%D %F %T %R %r %p %P %I %k %l", "03/05/15 2015-03-05 23:53:41 23:53 11:53:41 PM PM pm 11 23 11")]
    [InlineData("%u %w %U %W %V %G %g %s %%", "4 4 09 09 10 2015 15 1425599621 %")]
    [InlineData("%c|%x|%X", "Thu Mar  5 23:53:41 2015|03/05/15|23:53:41")]
    [InlineData("%-d|%_d|%05d|%^a|%#Z|%10Y|%12F", "5| 5|00005|THU|gmt|0000002015|  2015-03-05")]
    [InlineData("%L|%q|%:z|%E|%", "%L|%q|%:z|%E|%")]
    public void Moments_are_written_as_C_does(string format, string expected) => Outputs.Of($"1425599621 | strftime(\"{format}\")").ShouldBe($"\"{expected}\"");

    [Theory]
    [InlineData("2015-03-05T23:51:47Z", "%Y-%m-%dT%H:%M:%SZ", "[2015,2,5,23,51,47,4,63]")]
    [InlineData("thu, 05 MAR 2015 23:51:47 +0100", "%a, %d %b %Y %H:%M:%S %z", "[2015,2,5,23,51,47,4,63]")]
    [InlineData("2015 064", "%Y %j", "[2015,2,5,0,0,0,4,63]")]
    [InlineData("2016 366", "%Y %j", "[2016,11,31,0,0,0,6,365]")]
    [InlineData("2015 10 4", "%Y %U %w", "[2015,2,12,0,0,0,4,70]")]
    [InlineData("2015 10 1", "%Y %W %w", "[2015,2,9,0,0,0,1,67]")]
    [InlineData("12 am 03/05/15", "%I %p %D", "[2015,2,5,0,0,0,4,63]")]
    [InlineData("20 15", "%C %y", "[2015,0,0,0,0,0,3,-1]")]
    [InlineData("10:20", "%R", "[1900,0,0,10,20,0,8,367]")]
    [InlineData("1425599621", "%s", "[2015,2,5,23,53,41,4,63]")]
    [InlineData("2015-03-05 and more", "%F", """[2015,2,5,0,0,0,4,63," and more"]""")]
    public void Moments_are_read_as_C_does(string text, string format, string expected) => Outputs.Of($"\"{text}\" | strptime(\"{format}\")").ShouldBe(expected);

    [Theory]
    [InlineData("2015-13-05", "%Y-%m-%d")]
    [InlineData("2015-03-05x", "%F")]
    [InlineData("24:00", "%R")]
    [InlineData("Sept 9", "%b %d")]
    [InlineData("+1", "%z")]
    [InlineData("+0160", "%z")]
    [InlineData("1", "%q")]
    [InlineData("1", "%")]
    public void A_text_that_does_not_match_is_an_error(string text, string format) =>
        Outputs.Of($"\"{text}\" | try strptime(\"{format}\") catch .").ShouldBe($"\"date \\\"{text}\\\" does not match format \\\"{format}\\\"\"");

    [Fact]
    public void Every_day_of_many_years_comes_back_from_its_text() =>
        Outputs.Of("all(range(-40000; 40000; 13); . * 86400 + 12345 | . == (strftime(\"%Y-%j %T\") | if startswith(\"-\") then error else strptime(\"%Y-%j %T\") | mktime end))").ShouldBe("true");

    [Theory]
    [InlineData("1435599621.5 | localtime", "[2015,5,29,19,40,21.5,1,179]")]
    [InlineData("1435599621 | strflocaltime(\"%F %T %Z %z %s\")", "\"2015-06-29 19:40:21 +02 +0200 1435599621\"")]
    [InlineData("[2015, 2, 29, 2, 30, 0] | strflocaltime(\"%T %z\")", "\"03:30:00 +0200\"")]
    [InlineData("[2015, 9, 25, 2, 30, 0] | strflocaltime(\"%T %z\")", "\"02:30:00 +0100\"")]
    [InlineData("1e11, -1e11 | strflocaltime(\"%Y\")", "\"5138\" \"-1199\"")]
    public void Local_times_follow_the_zone_of_the_run(string program, string expected) => Outputs.Of(program, Berlin).ShouldBe(expected);

    [Fact]
    public void Without_a_zone_local_time_is_UTC() => Outputs.Of("0 | strflocaltime(\"%H %Z\")").ShouldBe("\"00 UTC\"");

    [Fact]
    public void Now_is_what_the_clock_says() => Outputs.Of("now", JqOptions.Default with { Clock = new StoppedClock() }).ShouldBe("1425599621.678");

    [Fact]
    public void A_width_cannot_fill_the_memory() =>
        Should.Throw<JqLimitException>(() => Outputs.Of("0 | strftime(\"%2000000000d\")")).Limit.ShouldBe(JqLimit.TextLength);

    private sealed class StoppedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(1_425_599_621_678);
    }
}
