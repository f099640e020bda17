using Custodia.Identity.Passwords;
using Custodia.Identity.Passwords.ForeignHashes;

namespace Custodia.Identity.Tests.Jobs;

public sealed class ForeignHashTests
{
    // bcrypt: jBCrypt's vectors; Argon2: the reference implementation's; scrypt: RFC 7914 section 12; PBKDF2: RFC 7914 section 11, passlib's
    // documentation, and Python's hashlib for Django and Werkzeug; LDAP and digests: hashlib.
    [Theory]
    [InlineData("a", "$2a$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe")]
    [InlineData("abc", "$2a$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i")]
    [InlineData("password", "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc")]
    [InlineData("pleaseletmein", "scrypt:16384:8:1$SodiumChloride$7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887")]
    [InlineData("a-quite-long-phrase", "$scrypt$ln=10,r=8,p=1$MDEyMzQ1Njc4OWFiY2RlZg$ijw2dGXKiZHhlf02Tv3x3JvuJw9MaRiRLqT60b/RIjw")]
    [InlineData("password", "$pbkdf2-sha256$6400$.6UI/S.nXIk8jcbdHx3Fhg$98jZicV16ODfEsEZeYPGHU3kbrUrvUEXOPimVSQDD44")]
    [InlineData("a-quite-long-phrase", "pbkdf2_sha256$1000$seasalt$vX+GYjh4XLfrD1VP0nlC/QP2Ql/EFuOIBiL1zZLdrJU=")]
    [InlineData("a-quite-long-phrase", "pbkdf2:sha512:1000$seasalt$11b444e10f9f2e533578db235ca35636bdc281900e95240afe928c74e58ab32900400d969b6943e1f5cf19f3f60237e0bb388f2a4eacb4868206e307778e9481")]
    [InlineData("a-quite-long-phrase", "{SSHA}ZWHw6HLH/7RDlQrfRffNZrZnGGBzYWx0c2FsdA==")]
    [InlineData("a-quite-long-phrase", "$digest$sha1$after$cGVwcGVy$ae0b009bb27633d1cee61f485a1454b04ca25f37")]
    public void A_hash_of_another_system_knows_its_password(string password, string hash)
    {
        var stored = ForeignHashReader.Accept(hash).ShouldBeOfType<HashOutcome.Accepted>().Stored;
        ForeignHashReader.IsForeign(stored).ShouldBeTrue();
        var read = ForeignHashReader.Read(stored).ShouldNotBeNull();
        read.Matches(PlainPassword.From(password)!).ShouldBeTrue();
        read.Matches(PlainPassword.From(password + "x")!).ShouldBeFalse();
        read.ToString().ShouldNotContain("$");
    }

    [Theory]
    [InlineData("sha256", true, "e9644b08fcd89fdd33be667c2993b839edf4a0a4b715d046f9955b1f762e5700")]
    [InlineData("md5", false, "f65c27282e9efeb84258fe79f5b969af")]
    public void A_bare_digest_has_its_salt_beside_it(string algorithm, bool saltFirst, string digest)
    {
        var stored = ForeignHashReader.Accept(algorithm, digest, "pepper", saltFirst).ShouldBeOfType<HashOutcome.Accepted>().Stored;
        ForeignHashReader.Read(stored)!.Matches(PlainPassword.From("a-quite-long-phrase")!).ShouldBeTrue();
        ForeignHashReader.Accept(algorithm, digest, "pepper", !saltFirst).ShouldBeOfType<HashOutcome.Accepted>().Stored.ShouldNotBe(stored);
    }

    [Theory]
    [InlineData("$2b$31$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i")]
    [InlineData("$argon2id$v=19$m=4194304,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc")]
    [InlineData("$argon2id$v=19$m=65536,t=100000,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc")]
    [InlineData("$scrypt$ln=30,r=8,p=1$MDEyMzQ1Njc4OWFiY2RlZg$ijw2dGXKiZHhlf02Tv3x3JvuJw9MaRiRLqT60b/RIjw")]
    [InlineData("$scrypt$ln=10,r=8,p=1000000$MDEyMzQ1Njc4OWFiY2RlZg$ijw2dGXKiZHhlf02Tv3x3JvuJw9MaRiRLqT60b/RIjw")]
    [InlineData("$pbkdf2-sha256$2000000000$.6UI/S.nXIk8jcbdHx3Fhg$98jZicV16ODfEsEZeYPGHU3kbrUrvUEXOPimVSQDD44")]
    public void A_hash_that_would_cost_too_much_is_refused(string hash) =>
        ForeignHashReader.Accept(hash).ShouldBeOfType<HashOutcome.Refused>().Rule.ShouldBe("hash-cost");

    [Theory]
    [InlineData("")]
    [InlineData("password")]
    [InlineData("$1$salt$hash")]
    [InlineData("$2b$12$tooshort")]
    [InlineData("$argon2id$v=16$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc")]
    [InlineData("$argon2id$v=19$m=-1,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc")]
    [InlineData("$scrypt$ln=99999999999999999999,r=8,p=1$MDEyMzQ1Njc4OWFiY2RlZg$ijw2dGXKiZHhlf02Tv3x3JvuJw9MaRiRLqT60b/RIjw")]
    [InlineData("{SSHA}!!!")]
    [InlineData("{CRYPT}$6$salt$hash")]
    [InlineData("$digest$sha1$between$cGVwcGVy$ae0b009bb27633d1cee61f485a1454b04ca25f37")]
    [InlineData("5f4dcc3b5aa765d61d8327deb882cf99")]
    public void What_is_no_known_hash_is_refused(string hash) =>
        ForeignHashReader.Accept(hash).ShouldBeOfType<HashOutcome.Refused>().Rule.ShouldBe("hash-format");
}
