namespace Cashew.Tool.Bench;

using Cashew.Tool.Machines;

/// <summary>One column of values: a kernel with its command line.</summary>
/// <param name="Title">The column's head.</param>
/// <param name="Key">The same for file names and JSON.</param>
/// <param name="Machine">The machine with that kernel, still without a root file system.</param>
internal sealed record BenchVariant(string Title, string Key, MachineSpec Machine);
