using Custodia.Server.Verbs;

return args is [JqVerb.Name, .. var rest] ? JqVerb.Run(rest) : await CommandLine.RunAsync(args);
