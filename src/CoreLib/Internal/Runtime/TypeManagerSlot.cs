namespace Internal.Runtime;

/// <summary>A cell of the compiler's module table; the kernel has one module and never looks.</summary>
internal struct TypeManagerSlot
{
    internal nint TypeManager;
    internal int ModuleIndex;
}
