using System.Runtime.InteropServices;

namespace Cashew.Abi;

/// <summary>Memory, load and uptime.</summary>
/// <source>sysinfo(2)</source>
[StructLayout(LayoutKind.Sequential)]
public struct Sysinfo
{
    public long uptime;
    public ULongs3 loads;
    public ulong totalram;
    public ulong freeram;
    public ulong sharedram;
    public ulong bufferram;
    public ulong totalswap;
    public ulong freeswap;
    public ushort procs;
    public ushort pad;
    public ulong totalhigh;
    public ulong freehigh;
    public uint mem_unit;
}
