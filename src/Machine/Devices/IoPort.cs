namespace Cashew.Machine;

/// <summary>A device's ports, from a base on.</summary>
public readonly struct IoPort(ushort basePort)
{
    public byte ReadByte(int offset = 0) => Instructions.In8((ushort)(basePort + offset));

    public ushort ReadWord(int offset = 0) => Instructions.In16((ushort)(basePort + offset));

    public uint ReadDword(int offset = 0) => Instructions.In32((ushort)(basePort + offset));

    public void WriteByte(int offset, byte value) => Instructions.Out8((ushort)(basePort + offset), value);

    public void WriteWord(int offset, ushort value) => Instructions.Out16((ushort)(basePort + offset), value);

    public void WriteDword(int offset, uint value) => Instructions.Out32((ushort)(basePort + offset), value);
}
