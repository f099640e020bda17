using Custodia.Identity.Agreements;
using Custodia.Identity.Consents;
using Custodia.Identity.Merging;
using Custodia.Identity.Sms;
using Custodia.Identity.Sources;
using Custodia.Kernel.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Custodia.Identity.Portal;

/// <summary>The account portal: what a person sees and does about themselves.</summary>
internal static class PortalEndpoints
{
    public static void MapPortal(this IEndpointRouteBuilder routes)
    {
        // Staff change their own password and second factors here too; how they come and go is decided by staff.
        var portal = routes.MapGroup("/account/{directory}").RequireUser(staffToo: true).WithSession().WithAgreements().ExcludeFromDescription();
        portal.MapProfile();
        portal.MapSecurity();
        portal.MapFactors();
        portal.MapMobile();
        portal.MapConsents();
        portal.MapConnections();
        portal.MapMergePortal();
        portal.MapAgreementPortal();
        portal.MapData();
        portal.MapDeletion();
        routes.MapDeletionStatus();
    }
}
