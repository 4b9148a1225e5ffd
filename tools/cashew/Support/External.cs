namespace Cashew.Tool.Support;

using System.Collections.Generic;
using System.ComponentModel;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading.Tasks;

/// <summary>Runs other programs and collects what they say.</summary>
internal static class External
{
    internal static ExternalResult Run(
        string program, IEnumerable<string> arguments, string? directory = null)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = directory ?? "",
        };
        // Messages are parsed and shown: in one language, and without color codes.
        start.Environment["LC_ALL"] = "C.UTF-8";
        start.Environment["NO_COLOR"] = "1";

        using Process process = Start(start);
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        process.WaitForExit();
        return new ExternalResult(process.ExitCode, output.Result, error.Result);
    }

    /// <summary>
    /// Runs a program that has to succeed; what it said becomes part of the failure otherwise.
    /// </summary>
    internal static string RunChecked(string program, IEnumerable<string> arguments, string? directory = null)
    {
        List<string> words = arguments.ToList();
        ExternalResult result = Run(program, words, directory);
        if (result.ExitCode != 0)
        {
            string name = Path.GetFileName(program);
            throw new Failure($"{name} failed with exit code {result.ExitCode}", Said(result, name, words));
        }

        return result.Output;
    }

    internal static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start) ?? throw new Failure($"{start.FileName} did not start");
        }
        catch (Win32Exception error)
        {
            throw new Failure($"cannot run {start.FileName}: {error.Message}");
        }
    }

    private static string Said(ExternalResult result, string program, List<string> words)
    {
        string said = (result.Output.Trim() + "\n" + result.Error.Trim()).Trim();
        return said.Length > 0 ? said : $"{program} {string.Join(' ', words)}";
    }
}
