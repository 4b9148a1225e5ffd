namespace Cashew.Machine;

/// <summary>How the kernel was entered; the numbers are Entry.S's.</summary>
internal enum BootProtocol
{
    Pvh = 1,
    Linux64 = 2,
}
