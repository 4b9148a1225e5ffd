namespace Cashew.Tool.Testing;

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Xml.Linq;
using Cashew.Tool.Build;
using Cashew.Tool.Support;

/// <summary>
/// The xunit projects: tests/Host (the kernel's rooms on stock .NET) and tests/Tool (this command line).
/// </summary>
internal sealed class HostTests
{
    private static readonly string[] s_projects = ["Host", "Tool"];

    private readonly Toolbox _tools;
    private readonly TestReport _report;

    internal HostTests(Toolbox tools, TestReport report)
    {
        _tools = tools;
        _report = report;
    }

    internal void Run(IReadOnlyList<string> patterns)
    {
        foreach (string name in s_projects)
        {
            string folder = _tools.Repository.PathOf("tests", name);
            string[] projects = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.csproj") : [];
            if (projects.Length == 0)
                _report.Note($"no tests/{name} in this checkout");
            foreach (string project in projects)
                Run(name, project, patterns);
        }
    }

    private void Run(string name, string project, IReadOnlyList<string> patterns)
    {
        _tools.Reporter.Step(
            $"build tests/{name}", () => DotnetBuild.Run(_tools.Repository, project, "Release"));
        string output = _tools.Repository.ArtifactOf(
            "bin", Path.GetFileNameWithoutExtension(project), "release");
        string results = _tools.Repository.ArtifactOf("test", $"{name}.xml");
        Directory.CreateDirectory(Path.GetDirectoryName(results)!);
        File.Delete(results);

        string[] filters = patterns.SelectMany(pattern => (string[])["-method", $"*{pattern}*"]).ToArray();
        ExternalResult run = External.Run(
            "dotnet", ["exec", TestAssembly(output), "-noLogo", "-noColor", "-xml", results, .. filters]);
        if (!File.Exists(results))
        {
            _report.Fail($"tests/{name}", $"ended with code {run.ExitCode}\n{run.Output}{run.Error}");
            return;
        }

        Count(XDocument.Load(results));

    }

    // The one assembly that can be started: only programs have a runtime configuration beside them.
    private static string TestAssembly(string output)
    {
        const string Suffix = ".runtimeconfig.json";
        string[] programs = Directory.GetFiles(output, "*" + Suffix)
            .Select(path => path[..^Suffix.Length] + ".dll")
            .Where(path => Path.GetFileName(path) != "cashew.dll").ToArray();
        return programs.Length == 1
            ? programs[0]
            : throw new Failure($"which program in {output} runs the tests?");
    }

    private void Count(XDocument results)
    {
        foreach (XElement test in results.Descendants("test"))
        {
            string name = (string?)test.Attribute("name") ?? "?";
            switch ((string?)test.Attribute("result"))
            {
                case "Pass":
                    _report.Pass(name);
                    break;
                case "Skip":
                    _report.Skip(name, (string?)test.Element("reason") ?? "");
                    break;
                case "NotRun":
                    break;
                default:
                    XElement? failure = test.Element("failure");
                    string? trace = failure?.Element("stack-trace")?.Value;
                    _report.Fail(name, $"{failure?.Element("message")?.Value}\n{trace}");
                    break;
            }
        }

        // What went wrong outside any test: a fixture that threw, a test class without a constructor.
        foreach (XElement error in results.Descendants("error"))
        {
            string name = (string?)error.Attribute("name") ?? "test set-up";
            _report.Fail(name, error.Element("failure")?.Value ?? "");
        }
    }
}
