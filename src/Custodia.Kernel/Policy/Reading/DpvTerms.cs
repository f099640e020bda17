using System.Collections.Frozen;

namespace Custodia.Kernel.Policy.Reading;

/// <summary>
/// Terms of the W3C Data Privacy Vocabulary 2.2 that a policy may use: purposes and kinds of data of <c>dpv</c>
/// (https://w3id.org/dpv) and the categories of its personal data extension <c>pd</c> (https://w3id.org/dpv/pd).
/// </summary>
internal static class DpvTerms
{
    public const string NonPersonal = "dpv:NonPersonalData";

    private static readonly FrozenSet<string> Purposes = Terms("dpv", """
        AcademicResearch AccountManagement AgeVerification CommercialPurpose CommercialResearch CommunicationForCustomerCare
        CommunicationManagement CustomerCare CustomerClaimsManagement CustomerManagement CustomerOrderManagement
        CustomerRelationshipManagement DisputeManagement EnforceAccessControl EnforceSecurity EstablishContractualAgreement
        FraudPreventionAndDetection FulfilmentOfContractualObligation FulfilmentOfObligation IdentityAuthentication
        IdentityVerification ImproveExistingProductsAndServices IncreaseServiceRobustness InternalResourceOptimisation
        LegalCompliance MaintainFraudDatabase MisusePreventionAndDetection OptimisationForConsumer OptimisationForController
        OptimiseUserInterface OrganisationComplianceManagement OrganisationGovernance OrganisationRiskManagement
        PaymentManagement Personalisation RecordManagement RepairImpairments RequestedServiceProvision RightsFulfilment
        SearchFunctionalities ServiceOptimisation ServicePersonalisation ServiceProvision ServiceRegistration
        ServiceUsageAnalytics TechnicalServiceProvision UserInterfacePersonalisation VendorManagement Verification
        """);

    private static readonly FrozenSet<string> GeneralData = Terms("dpv", """
        AnonymisedData CollectedPersonalData CommerciallyConfidentialData ConfidentialData DerivedPersonalData GeneratedPersonalData
        IdentifyingPersonalData InferredPersonalData NonPersonalData ObservedPersonalData PersonalData ProfessionalConfidentialData
        ProvidedPersonalData PseudonymisedData SensitiveNonPersonalData SensitivePersonalData SpecialCategoryPersonalData
        """);

    private static readonly FrozenSet<string> PersonalData = Terms("pd", """
        AccountIdentifier Age AgeExact AgeRange Authenticating AuthenticationHistory BankAccount Behavioral Biometric BirthDate
        BirthPlace BrowserFingerprint BrowsingBehavior CallLog Citizenship City Communication CommunicationsMetadata Contact Country
        CountryOfBirth CreditCardNumber CurrentEmployment Demographic DeviceApplications DeviceBased DeviceOperatingSystem
        DeviceSoftware DigitalFingerprint Disability Education EmailAddress EmailAddressPersonal EmailAddressWork EmailContent
        EmploymentHistory External FacialPrint Family Financial FinancialAccount FinancialAccountNumber Fingerprint GPSCoordinate
        Gender Geographic GroupMembership GroupProfile Health HealthRecord Historical HouseNumber Household IPAddress Identifier
        Identifying IndividualProfile Insurance Intention Interaction Interest Internal Job Language LinkClicked Locality Location
        MACAddress MaritalStatus MedicalHealth Name Nationality OfficialID Opinion Ownership PINCode Passport Password PaymentCard
        PaymentCardExpiry PaymentCardNumber PersonalDocuments PhysicalAddress Picture PostalCode Preference PrivacyPreference
        Professional ProfessionalEvaluation Profile PublicLife Purchase Region Relationship Residency RoomNumber Salary School
        SecretText ServiceConsumptionBehavior Social SocialMedia SocialMediaCommunication SocialNetwork Street Tax TelephoneNumber
        Thought Tracking Transaction Transactional TravelHistory UID UserAgent Username VoiceCommunicationRecording VoiceMail
        WorkEnvironment WorkHistory
        """);

    public static bool IsPurpose(string term) => Purposes.Contains(term);

    public static bool IsData(string term) => GeneralData.Contains(term) || PersonalData.Contains(term);

    public static bool IsPersonal(string term) =>
        PersonalData.Contains(term) || (GeneralData.Contains(term) && term is not (NonPersonal or "dpv:AnonymisedData" or "dpv:SensitiveNonPersonalData"));

    private static FrozenSet<string> Terms(string prefix, string names) =>
        names.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(n => $"{prefix}:{n}").ToFrozenSet(StringComparer.Ordinal);
}
