namespace Cashew.Tool.Machines;

/// <summary>The words that a kernel is started with.</summary>
internal static class KernelCommandLine
{
    // A panic ends the machine at once instead of waiting for someone to read it.
    private const string Common = "console=ttyS0 quiet panic=-1";

    // Even a quiet Linux prints emergencies, and "Power down" is one; they would mix with a program's output.
    private const string LinuxOnly = "loglevel=0";

    internal static string For(KernelChoice kernel, string? append)
    {
        string words = kernel == KernelChoice.Linux ? $"{Common} {LinuxOnly}" : Common;
        return string.IsNullOrWhiteSpace(append) ? words : $"{words} {append}";
    }
}
