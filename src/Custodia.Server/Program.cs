using Custodia.Server.Verbs;

return await CommandLine.RunAsync(args);
