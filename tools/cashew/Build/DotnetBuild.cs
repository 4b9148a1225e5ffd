namespace Cashew.Tool.Build;

using System;
using System.IO;
using System.Linq;
using Cashew.Tool.Support;

/// <summary>Runs <c>dotnet build</c> and shows its errors the way a person wants to read them.</summary>
internal static class DotnetBuild
{
    internal static void Run(Repository repository, string project, string configuration)
    {
        string[] arguments =
        [
            "build", project, "-c", configuration, "--nologo", "-v:q", "-tl:off", "-clp:NoSummary",
        ];
        ExternalResult result = External.Run("dotnet", arguments, repository.Root);
        if (result.ExitCode == 0)
            return;

        // Every line once (referenced projects repeat them), without the project's name at its end.
        string[] errors = (result.Output + result.Error).Split('\n')
            .Where(line => line.Contains("error ", StringComparison.Ordinal))
            .Select(line => WithoutProject(line.Trim()).Replace(repository.Root + "/", ""))
            .Distinct().ToArray();
        string details = errors.Length > 0 ? string.Join('\n', errors) : result.Output + result.Error;
        throw new Failure($"{repository.Display(Path.GetFullPath(project))} does not compile", details);
    }

    private static string WithoutProject(string line)
    {
        int project = line.LastIndexOf(" [/", StringComparison.Ordinal);
        return project > 0 && line.EndsWith(']') ? line[..project] : line;
    }
}
