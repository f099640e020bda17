using System.Text;
using Custodia.Kernel.Policy;

namespace Custodia.Kernel.Tests.Policy;

/// <summary>Small policies to break, and the real one.</summary>
internal static class PolicyTexts
{
    public static string RealFolder => Path.Combine(AppContext.BaseDirectory, "policy");

    public const string Small = """
        schema: 1
        service: sample
        version: 2026-11-21
        title: { en: Sample, zh: 样例 }
        controller: { en: The operator, zh: 运营者 }
        contact: { en: The officer, zh: 隐私官 }
        categories:
          - id: sample.guest
            title: { en: Guests, zh: 访客 }
            subjects: [user]
            role: controller
            uses: [{ id: greeting, term: "dpv:CustomerCare", en: Greeting, zh: 问候 }]
            legalBasis: contract
            storage: main-store
            backup: true
            region: record
            recipients: []
            access: [owner, subject]
            deleteOn: [{ age: P30D }, { on: ticket-closed, within: P7D }]
            deadline: P1D
            fields:
              - { name: id, en: Number, zh: 编号, term: "dpv:NonPersonalData", personal: false, modifiable: false, mandatory: true, protection: plain, lookup: none, mask: full }
              - { name: email, en: Email, zh: 邮箱, term: "pd:EmailAddress", personal: true, modifiable: true, mandatory: false, protection: sealed, lookup: exact, mask: email }
              - { name: email-index, en: Index, zh: 索引, term: "dpv:NonPersonalData", personal: false, modifiable: true, mandatory: false, protection: plain, lookup: none, mask: full }
        """;

    public static PolicyFile File(string text, string service = "sample") => new($"policy/{service}.yaml", Encoding.UTF8.GetBytes(text));

    public static PolicyReading Read(string text) => PolicyLoader.Read([File(text)]);

    public static LoadedPolicy Load(string text)
    {
        var reading = Read(text);
        reading.Findings.ShouldBeEmpty();
        return reading.Policy!;
    }

    /// <summary>The small policy with one text replaced by another; the text must be there.</summary>
    public static string With(string old, string now)
    {
        Small.ShouldContain(old);
        return Small.Replace(old, now, StringComparison.Ordinal);
    }

    public static PolicyReading ReadReal() => PolicyLoader.Load(RealFolder);
}
