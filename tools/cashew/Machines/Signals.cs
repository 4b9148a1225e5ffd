namespace Cashew.Tool.Machines;

using System.Diagnostics;
using System.Runtime.InteropServices;

/// <summary>
/// Asks a process to end: <see cref="Process.Kill()"/> only knows SIGKILL, which leaves a terminal raw.
/// </summary>
internal static class Signals
{
    private const int Terminate = 15;
    private const int GraceMs = 2000;

    internal static void End(Process process)
    {
        if (process.HasExited)
            return;
        _ = kill(process.Id, Terminate); // It may have ended by itself meanwhile: then nothing is left to do.
        if (!process.WaitForExit(GraceMs))
            process.Kill();
        process.WaitForExit();
    }

    [DllImport("libc")]
    private static extern int kill(int pid, int signal);
}
