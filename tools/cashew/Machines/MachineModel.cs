namespace Cashew.Tool.Machines;

/// <summary>QEMU's machine types that Cashew boots on.</summary>
internal enum MachineModel
{
    Microvm,
    Q35,
    Pc,
}
