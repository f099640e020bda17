using Custodia.Identity.Contracts;
using Custodia.Identity.Protocol;
using Custodia.Kernel.Hosting;
using Microsoft.AspNetCore.Routing;

namespace Custodia.Identity;

/// <summary>Identity: accounts, directories, people, sign-in, OpenID Connect, account portal, administration.</summary>
public sealed class IdentityModule : IModule
{
    public string Name => "identity";

    public bool HasSettings => true;

    public void Add(ModuleBuilder module)
    {
        module.AddContext<IdentityContext>();
        module.AddEvent<UserRegistered>().AddEvent<UserProfileChanged>().AddEvent<UserDeleted>();
        module.AddEvent<UserStatusChanged>().AddEvent<UserSignedIn>().AddEvent<UserSignedOut>();
        module.AddPeople();
        module.AddProtocol();
    }

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPeople();
        routes.MapProtocol();
    }
}
