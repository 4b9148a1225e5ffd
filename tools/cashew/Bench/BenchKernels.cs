namespace Cashew.Tool.Bench;

/// <summary>Whose kernels are measured.</summary>
internal enum BenchKernels
{
    Both,

    /// <summary>Linux, and once more in Cashew's place: those ratios show how much is noise.</summary>
    Linux,

    Cashew,
}
