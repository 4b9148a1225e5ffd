namespace Cashew.Memory;

/// <summary>The names that the kernel gives in /proc/PID/maps to mappings without a file.</summary>
public enum MappingName : byte
{
    None,
    Heap,
    Stack,
    Special,
}
