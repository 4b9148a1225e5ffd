namespace Cashew.Tool.Machines;

internal enum AcceleratorChoice
{
    Auto,
    Kvm,
    Tcg,
}
