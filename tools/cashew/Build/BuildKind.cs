namespace Cashew.Tool.Build;

/// <summary>Which of the two kernels: the one to use, or the one that checks itself.</summary>
internal enum BuildKind
{
    Release,
    Debug,
}
