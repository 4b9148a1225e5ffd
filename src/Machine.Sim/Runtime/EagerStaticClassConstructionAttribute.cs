namespace System.Runtime.CompilerServices;

/// <summary>
/// Static constructors that run at boot, before anything else could use the class. The ahead-of-time compiler
/// knows the attribute by its name; here, where there are no interrupts, it says nothing.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct)]
public sealed class EagerStaticClassConstructionAttribute : Attribute
{
}
