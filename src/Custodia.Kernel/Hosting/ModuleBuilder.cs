using Custodia.Kernel.Access;
using Custodia.Kernel.Deletion;
using Custodia.Kernel.Messaging;
using Custodia.Kernel.Retention;
using Custodia.Kernel.Storage;
using Custodia.Kernel.Streams;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Custodia.Kernel.Hosting;

/// <summary>What a module can register. Everything that stores data goes through here, so that the kernel knows all of it.</summary>
public sealed class ModuleBuilder(
    string name,
    IServiceCollection services,
    IConfiguration configuration,
    IHostEnvironment environment,
    DataCatalogue catalogue)
{
    public string Name { get; } = name;

    public IServiceCollection Services { get; } = services;

    public IConfiguration Configuration { get; } = configuration;

    public IHostEnvironment Environment { get; } = environment;

    /// <summary>Registers the module's database context; its tables are bound to the policy and created at start.</summary>
    public ModuleBuilder AddContext<TContext>()
        where TContext : ModuleContext
    {
        catalogue.Contexts.Add(new ContextRegistration(Name, typeof(TContext)));
        Services.AddModuleContext<TContext>();
        return this;
    }

    /// <summary>Registers a log record type; its stream is the policy category named by its <see cref="StreamAttribute"/>.</summary>
    public ModuleBuilder AddStream<TRecord>()
        where TRecord : LogRecord
    {
        catalogue.Streams.Add(StreamShape.Of(typeof(TRecord)));
        return this;
    }

    /// <summary>Registers an event type that this module publishes.</summary>
    public ModuleBuilder AddEvent<TEvent>()
        where TEvent : class
    {
        catalogue.Events.Add(EventShape.Of(typeof(TEvent)));
        return this;
    }

    /// <summary>
    /// Registers a record type (with <see cref="Policy.CategoryAttribute"/>) whose properties the policy lists although they are no
    /// columns: contents of files, tables outside the context, figures computed from stored data.
    /// </summary>
    public ModuleBuilder AddShape<TShape>()
        where TShape : class
    {
        catalogue.Shapes.Add(new ShapeRegistration(Name, typeof(TShape)));
        return this;
    }

    /// <summary>Registers a subscriber. It is called at least once an event; see <see cref="IEventSubscriber"/>.</summary>
    public ModuleBuilder AddSubscriber<TSubscriber>()
        where TSubscriber : class, IEventSubscriber
    {
        Services.AddScoped<TSubscriber>();
        catalogue.Subscribers.Add(typeof(TSubscriber));
        return this;
    }

    /// <summary>Registers permissions and the roles that have them.</summary>
    public ModuleBuilder AddPermissions(params ReadOnlySpan<Permission> permissions)
    {
        foreach (var permission in permissions) catalogue.Permissions.Add(permission);
        return this;
    }

    /// <summary>Registers the module's part in export and erasure of a person. One per module.</summary>
    public ModuleBuilder AddSubjectData<TData>()
        where TData : class, ISubjectData
    {
        Services.AddScoped<ISubjectData, TData>();
        catalogue.SubjectData.Add(new SubjectDataRegistration(Name, typeof(TData)));
        return this;
    }

    /// <summary>Registers what the module creates at the first start.</summary>
    public ModuleBuilder AddFirstStart<TStart>()
        where TStart : class, IFirstStart
    {
        Services.AddScoped<IFirstStart, TStart>();
        return this;
    }

    /// <summary>Registers what enforces one <c>deleteOn</c> trigger of one category.</summary>
    public ModuleBuilder AddRetentionRule<TRule>()
        where TRule : class, IRetentionRule
    {
        Services.AddScoped<IRetentionRule, TRule>();
        catalogue.RetentionRules.Add(typeof(TRule));
        return this;
    }
}
