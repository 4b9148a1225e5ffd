namespace Cashew.Processes;

public enum CoreDump : byte
{
    None,
    Made,
}
