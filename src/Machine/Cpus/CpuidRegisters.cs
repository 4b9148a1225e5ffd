using System.Runtime.InteropServices;

namespace Cashew.Machine;

/// <summary>What CPUID answers.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct CpuidRegisters
{
    internal uint Eax;
    internal uint Ebx;
    internal uint Ecx;
    internal uint Edx;
}
