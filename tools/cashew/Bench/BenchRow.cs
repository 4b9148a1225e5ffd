namespace Cashew.Tool.Bench;

using Cashew.Tool.Machines;

/// <summary>One thing that is measured.</summary>
/// <param name="Name">As <c>--rows</c> takes it.</param>
/// <param name="What">What it measures, in a few words.</param>
/// <param name="Start">
/// The machine type whose start is timed from outside; null for what the guest measures by itself.
/// </param>
/// <param name="ArchiveMegabytes">Of a start: how large the files are that the archive has besides.</param>
/// <param name="IsMemory">Of a start: the value is the memory that is not free by then, not the time.</param>
internal sealed record BenchRow(
    string Name,
    string What,
    MachineModel? Start = null,
    int ArchiveMegabytes = 0,
    bool IsMemory = false);
