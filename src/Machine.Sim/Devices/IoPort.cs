using Cashew.Machine.Simulated;

namespace Cashew.Machine;

/// <summary>A device's ports, from a base on. Behind them is <see cref="Simulation.Ports"/>; without it,
/// nothing.</summary>
public readonly struct IoPort(ushort basePort)
{
    public byte ReadByte(int offset = 0) => (byte)Read(offset, sizeof(byte));

    public ushort ReadWord(int offset = 0) => (ushort)Read(offset, sizeof(ushort));

    public uint ReadDword(int offset = 0) => Read(offset, sizeof(uint));

    public void WriteByte(int offset, byte value) => Write(offset, sizeof(byte), value);

    public void WriteWord(int offset, ushort value) => Write(offset, sizeof(ushort), value);

    public void WriteDword(int offset, uint value) => Write(offset, sizeof(uint), value);

    private uint Read(int offset, int widthBytes) =>
        Simulation.Current.Ports?.Read(basePort + offset, widthBytes) ?? uint.MaxValue;

    private void Write(int offset, int widthBytes, uint value) =>
        Simulation.Current.Ports?.Write(basePort + offset, widthBytes, value);
}
