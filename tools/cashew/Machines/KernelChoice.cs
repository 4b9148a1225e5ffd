namespace Cashew.Tool.Machines;

/// <summary>Whose kernel runs the guest; everything else stays the same.</summary>
internal enum KernelChoice
{
    Cashew,
    Linux,
}
