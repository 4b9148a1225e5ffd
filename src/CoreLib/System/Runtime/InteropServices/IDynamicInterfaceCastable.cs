namespace System.Runtime.InteropServices;

/// <summary>Named by the compiler; nothing in the kernel implements it.</summary>
public interface IDynamicInterfaceCastable
{
    internal static nint GetDynamicInterfaceImplementation(
        IDynamicInterfaceCastable instance, nint interfaceType, ushort slot) =>
        throw new NotSupportedException();
}
