namespace Cashew.Tool.Firecracker;

/// <summary>How Firecracker enters a kernel; the numbers are the shim's.</summary>
internal enum BootProtocol
{
    /// <summary>32-bit, without paging: Firecracker 1.12 and later, for a kernel with a PVH note.</summary>
    Pvh = 0,

    /// <summary>The 64-bit protocol of Linux: every version, for a kernel without the note.</summary>
    Linux64 = 1,
}
