namespace Cashew.Machine.Simulated;

/// <summary>A device behind I/O ports, for tests of drivers.</summary>
public abstract class SimulatedPorts
{
    public abstract uint Read(int port, int widthBytes);

    public abstract void Write(int port, int widthBytes, uint value);
}
