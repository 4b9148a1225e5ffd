using System.Runtime.InteropServices;

namespace Cashew.Abi;

/// <summary>One operation of semop(2).</summary>
/// <source>semop(2)</source>
[StructLayout(LayoutKind.Sequential)]
public struct Sembuf
{
    public ushort sem_num;
    public short sem_op;
    public short sem_flg;
}
