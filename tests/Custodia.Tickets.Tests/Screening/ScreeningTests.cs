using Custodia.Tickets.Screening;

namespace Custodia.Tickets.Tests.Screening;

/// <summary>What screening finds and what it leaves alone, sentence by sentence. Numbers and secrets are made up.</summary>
public sealed class ScreeningTests
{
    [Theory]
    [MemberData(nameof(Cases))]
    public void Each_text_is_judged_as_a_careful_reader_would(string kind, string certainty, string text)
    {
        var found = Screen.Examine(text).Where(f => f.Kind.ToString() == kind).ToArray();
        if (certainty == "None") found.ShouldBeEmpty();
        else found.Select(f => f.Certainty.ToString()).ShouldContain(certainty);
    }

    public static TheoryData<string, string, string> Cases => new()
    {
        { "Mobile", "Sure", "请回电 13800138000，谢谢" },
        { "Mobile", "Sure", "我的手机号是13912345678" },
        { "Mobile", "Sure", "Tel:13800138000" },
        { "Mobile", "Sure", "call me at +86 138 0013 8000 today" },
        { "Mobile", "Sure", "联系电话：138-0013-8000" },
        { "Mobile", "Sure", "手机：１３８００１３８０００" },
        { "Mobile", "Sure", "13\u200b800\u200b138\u200b000" },
        { "Mobile", "Sure", "0086 13800138000" },
        { "Mobile", "Sure", "8613800138000" },
        { "Mobile", "Sure", "给19912345678发短信" },
        { "Mobile", "Sure", "(13800138000)" },
        { "Mobile", "Sure", "\"phone\":\"17712345678\"" },
        { "Mobile", "Sure", "我是张三15012345678，登录失败" },
        { "Mobile", "Sure", "+1 415 555 2671" },
        { "Mobile", "Sure", "+44 20 7946 0958" },
        { "Mobile", "Sure", "My number is +49 1512 3456789." },
        { "Mobile", "Sure", "微信同号16612345678" },
        { "Mobile", "Sure", "+852 9123 45678 call me" },
        { "Mobile", "Sure", "138 0013 8000" },
        { "Mobile", "Sure", "mobile=18612345678;" },
        { "Mobile", "Sure", "电话13800138000转给我" },
        { "Mobile", "Sure", "＋86１３９１２３４５６７８" },
        { "Mobile", "Sure", "13800138000\n13900139000" },
        { "Mobile", "Likely", "订单号13800138000没有发货" },
        { "Mobile", "Likely", "order 13912345678 failed" },
        { "Mobile", "Likely", "my phone is 4155552671" },
        { "Mobile", "Likely", "call me 020 7946 0958" },
        { "Mobile", "Likely", "联系方式 010-82345678" },
        { "Mobile", "Likely", "whatsapp 98765432" },
        { "Mobile", "Sure", "+65 6123 4567" },
        { "Mobile", "None", "Error 12345678901 occurred" },
        { "Mobile", "None", "id 913800138000123" },
        { "Mobile", "None", "时间戳 1700000000000" },
        { "Mobile", "None", "timestamp 1700000000" },
        { "Mobile", "None", "a13800138000b" },
        { "Mobile", "None", "实例 vm_13800138000" },
        { "Mobile", "None", "uuid 0193f2c4-7b1a-7c31-9d10-138001380001" },
        { "Mobile", "None", "The price is 1,380,013,800" },
        { "Mobile", "None", "3.13800138000" },
        { "Mobile", "None", "10.0.0.138 is down since 2024-01-15 10:00:00" },
        { "Mobile", "None", "12800138000" },
        { "Mobile", "None", "请拨打客服热线 4008123123" },
        { "Mobile", "None", "phone app broken since 2024-01-15" },
        { "Mobile", "None", "version 20240115" },
        { "Mobile", "None", "mobile login fails on 20240115" },
        { "Mobile", "None", "port 8080 and 443" },
        { "Mobile", "None", "HTTP 500 after 30000 ms" },
        { "Mobile", "None", "sha 13800138000f3a9" },
        { "Mobile", "None", "手机端无法登录，错误码 500" },
        { "Mobile", "None", "phone number field is empty" },
        { "Mobile", "None", "UTC+08:00" },
        { "Mobile", "None", "请修改手机号格式校验" },
        { "Mobile", "None", "1+1380013800=?" },
        { "Mobile", "None", "138001380001 是流水号" },
        { "ResidentId", "Sure", "身份证号 11010519491231002X" },
        { "ResidentId", "Sure", "我的身份证：44030719900307451X，请核实" },
        { "ResidentId", "Sure", "ID card 310101198511201236" },
        { "ResidentId", "Sure", "110105 19491231 002X" },
        { "ResidentId", "Sure", "51010819790115003X" },
        { "ResidentId", "Sure", "身份证51010819790115003x" },
        { "ResidentId", "Sure", "４４０３０７１９９００３０７４５１X" },
        { "ResidentId", "Likely", "订单号 11010519491231002X" },
        { "ResidentId", "Likely", "request 44030719900307451X" },
        { "ResidentId", "None", "身份证号 110105194912310021" },
        { "ResidentId", "None", "流水 110105194913310021" },
        { "ResidentId", "None", "编号 990105194912310021" },
        { "ResidentId", "None", "123456789012345678" },
        { "ResidentId", "None", "trace 202401151030000001" },
        { "ResidentId", "None", "a11010519491231002X" },
        { "ResidentId", "None", "11010519491231002X99" },
        { "ResidentId", "None", "如何修改身份证信息？" },
        { "PaymentCard", "Sure", "My card 4532015112830366 was charged twice" },
        { "PaymentCard", "Sure", "card: 4532 0151 1283 0366" },
        { "PaymentCard", "Sure", "4532-0151-1283-0366" },
        { "PaymentCard", "Sure", "银行卡号 6222021000111222336" },
        { "PaymentCard", "Sure", "5300123456789011" },
        { "PaymentCard", "Sure", "Amex 3714 496353 98431" },
        { "PaymentCard", "Sure", "卡号：6212 2680 0001 2348" },
        { "PaymentCard", "Sure", "扣款卡4532015112830366" },
        { "PaymentCard", "Sure", "paid with 4111 1111 1111 1111" },
        { "PaymentCard", "Likely", "order no. 4532015112830366" },
        { "PaymentCard", "Likely", "交易流水 5300123456789011" },
        { "PaymentCard", "None", "card 4532015112830367" },
        { "PaymentCard", "None", "1234567890123456" },
        { "PaymentCard", "None", "hash 4532015112830366ab" },
        { "PaymentCard", "None", "IMEI 490154203237518" },
        { "PaymentCard", "None", "x4532015112830366" },
        { "PaymentCard", "None", "0.4532015112830366" },
        { "PaymentCard", "None", "my card ends with 1234" },
        { "PaymentCard", "None", "9999 9999 9999 9995" },
        { "PaymentCard", "None", "信用卡支付失败，提示 1001" },
        { "PaymentCard", "None", "45320 1511 2830366" },
        { "Password", "Sure", "my password is Sunny#2024" },
        { "Password", "Sure", "password: hunter2!" },
        { "Password", "Sure", "Password = Abc12345" },
        { "Password", "Sure", "pwd:123456" },
        { "Password", "Sure", "passwd=root@123" },
        { "Password", "Sure", "passphrase: correct1 " },
        { "Password", "Sure", "密码是Abc@1234" },
        { "Password", "Sure", "密码：123456" },
        { "Password", "Sure", "密码 为 qwe!2023" },
        { "Password", "Sure", "口令：Xy7$kk09" },
        { "Password", "Sure", "登录密码Admin@2023，请查收" },
        { "Password", "Sure", "账号/密码：admin/Passw0rd" },
        { "Password", "Sure", "user/password: admin/Admin123" },
        { "Password", "Sure", "postgres://app:S3cret99@db:5432/x" },
        { "Password", "Sure", "\"password\": \"Tr0ub4dor&3\"" },
        { "Password", "Sure", "db_password=Zx9_kk21" },
        { "Password", "Sure", "spring.datasource.password=Ab12cd34" },
        { "Password", "Sure", "the password was \"P@ssw0rd\"" },
        { "Password", "Sure", "密码改成 Nn12345678" },
        { "Password", "Sure", "ｐａｓｓｗｏｒｄ：Ａｂｃ１２３４５" },
        { "Password", "Sure", "pass\u200bword: Abc12345" },
        { "Password", "Sure", "密码:8xYz!Abc" },
        { "Password", "Sure", "PASSWORD=Qwer1234!" },
        { "Password", "Likely", "password: swordfish" },
        { "Password", "Likely", "my password is swordfish." },
        { "Password", "Likely", "密码：abcdefgh" },
        { "Password", "None", "I forgot my password" },
        { "Password", "None", "The password is wrong" },
        { "Password", "None", "password reset link does not arrive" },
        { "Password", "None", "my password is not accepted" },
        { "Password", "None", "密码错误，无法登录" },
        { "Password", "None", "忘记密码怎么办" },
        { "Password", "None", "password: ******" },
        { "Password", "None", "password=${DB_PASSWORD}" },
        { "Password", "None", "password: <your password>" },
        { "Password", "None", "password = os.getenv(\"X\")" },
        { "Password", "None", "password must have 8 characters" },
        { "Password", "None", "password: 8-16 characters" },
        { "Password", "None", "密码长度为8到16位" },
        { "Password", "None", "密码：8-16位" },
        { "Password", "None", "Password: required" },
        { "Password", "None", "the password is case-sensitive" },
        { "Password", "None", "修改密码后 401 错误" },
        { "Password", "None", "password is ignored by the server" },
        { "Password", "None", "密码使用 SHA256 加密" },
        { "Password", "None", "passwordless sign-in with passkeys 2024" },
        { "Password", "None", "password=%s" },
        { "Password", "None", "password is expired since 2024" },
        { "Password", "None", "密码重置邮件没有收到" },
        { "Password", "None", "https://example.com/reset?x=1" },
        { "Password", "None", "{\"password\": null}" },
        { "Password", "None", "password: {{ vault.secret }}" },
        { "Password", "None", "请重置我的密码，谢谢" },
        { "Password", "None", "password: see the confidential field" },
        { "PrivateKey", "Sure", "-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----" },
        { "PrivateKey", "Sure", "key:\n-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNza" },
        { "PrivateKey", "Sure", "-----BEGIN PRIVATE KEY-----\nMIG\n-----END PRIVATE KEY-----\nthanks" },
        { "PrivateKey", "Sure", "-----BEGIN PGP PRIVATE KEY BLOCK-----\nxx" },
        { "PrivateKey", "Sure", "PuTTY-User-Key-File-3: ssh-ed25519" },
        { "PrivateKey", "None", "-----BEGIN CERTIFICATE-----\nMIID\n-----END CERTIFICATE-----" },
        { "PrivateKey", "None", "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----" },
        { "PrivateKey", "None", "where do I upload my private key?" },
        { "PrivateKey", "None", "私钥丢失了怎么办" },
        { "Token", "Sure", "AKIAIOSFODNN7ABCDEFG" },
        { "Token", "Sure", "token ghp_a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2" },
        { "Token", "Sure", "glpat-xxxxxxxxxxxxxxxxxxxx" },
        { "Token", "Sure", "xoxb-123456789012-abcdef" },
        { "Token", "Sure", "AIzaSyAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" },
        { "Token", "Sure", "sk_live_4eC39HqLyjWDarjtT1zdp7dc" },
        { "Token", "Sure", "LTAI5tAbCdEfGhIjKlMn" },
        { "Token", "Sure", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U" },
        { "Token", "Sure", "Authorization: Bearer abcdef123456" },
        { "Token", "Sure", "authorization: Basic YWRtaW46YWRtaW4=" },
        { "Token", "Sure", "npm_aB3aB3aB3aB3aB3aB3aB3aB3aB3aB3aB3aB3" },
        { "Token", "None", "AKIAIOSFODNN7EXAMPLE" },
        { "Token", "None", "the AKIA prefix" },
        { "Token", "None", "ghost ghp is a tool" },
        { "Token", "None", "the token has expired" },
        { "Token", "None", "Bearer tokens are refused" },
        { "Token", "None", "eyJ is how tokens begin" },
        { "Token", "None", "令牌无效，请重新登录" },
    };

    [Fact]
    public void A_finding_tells_its_place_in_the_text_as_it_was_written()
    {
        const string text = "请致电 １３８\u200b００１３８０００ 谢谢";
        var finding = Screen.Examine(text).ShouldHaveSingleItem();
        text.Substring(finding.Start, finding.Length).ShouldBe("１３８\u200b００１３８０００");
        Screen.Replace(text, [finding], "[x]").ShouldBe("请致电 [x] 谢谢");
    }

    [Fact]
    public void Several_findings_in_one_text_are_all_found_and_do_not_overlap()
    {
        const string text = "账号 admin 密码：Abc@1234，电话 13800138000，卡 4111 1111 1111 1111。";
        var found = Screen.Examine(text);
        found.Select(f => f.Kind).ShouldBe([SecretKind.Password, SecretKind.Mobile, SecretKind.PaymentCard]);
        for (var i = 1; i < found.Count; i++) found[i].Start.ShouldBeGreaterThanOrEqualTo(found[i - 1].End);
        var clean = Screen.Replace(text, found, "[x]");
        clean.ShouldBe("账号 admin 密码：[x]，电话 [x]，卡 [x]。");
        Screen.Examine(clean).ShouldBeEmpty();
    }

    [Fact]
    public void A_long_text_without_findings_costs_milliseconds()
    {
        var text = string.Concat(Enumerable.Repeat("The server answers 500 after 30000 ms since 2024-01-15; 登录失败，错误码 1045。 ", 300));
        Screen.Examine(text);
        // The quickest of many: whatever else the machine does only adds to a time.
        Enumerable.Range(0, 20).Min(_ =>
        {
            var started = System.Diagnostics.Stopwatch.GetTimestamp();
            Screen.Examine(text).ShouldBeEmpty();
            return System.Diagnostics.Stopwatch.GetElapsedTime(started);
        }).ShouldBeLessThan(TimeSpan.FromMilliseconds(200));
    }
}
