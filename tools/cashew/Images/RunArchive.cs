namespace Cashew.Tool.Images;

using System.IO;
using System.Text;

/// <summary>
/// The archive of one run, appended to the root file system's: kernels unpack concatenated archives one over
/// the other. It carries what a kernel command line cannot: words with any bytes, and standard input.
/// </summary>
internal static class RunArchive
{
    private const string InputPath = "run/cashew/stdin";
    private const int Executable = 0x1ED;
    private const int Readable = 0x1A4;

    internal static void Append(Stream output, GuestSettings settings, GuestProgram? program)
    {
        using CpioWriter archive = new(output);
        archive.AddFile("run/cashew/settings", Readable, Settings(settings));
        if (program == null)
            return;
        archive.AddFile("run/cashew/program", Executable, Script(program));
        if (program.Input != null)
            archive.AddFile(InputPath, Readable, program.Input);
    }

    private static byte[] Settings(GuestSettings settings)
    {
        StringBuilder console = new(settings.OutputIsTerminal ? "opost" : "-opost");
        if (settings.Rows > 0 && settings.Columns > 0)
            console.Append($" rows {settings.Rows} cols {settings.Columns}");
        byte[] terminal = ShellQuoting.Quote([Encoding.UTF8.GetBytes(settings.TerminalName)]);
        return [.. "export TERM="u8, .. terminal, .. Encoding.UTF8.GetBytes($"\nconsole='{console}'\n")];
    }

    private static byte[] Script(GuestProgram program)
    {
        string redirection = program.Input == null ? "\n" : $" </{InputPath}\n";
        byte[] words = ShellQuoting.Quote(program.Words);
        return [.. "#!/bin/sh\nexec "u8, .. words, .. Encoding.UTF8.GetBytes(redirection)];
    }
}
