namespace System;

/// <summary>
/// Named by the compiler, which asks whether a class is this one when it optimizes type tests.
/// </summary>
internal sealed class RuntimeType : Type
{
}
