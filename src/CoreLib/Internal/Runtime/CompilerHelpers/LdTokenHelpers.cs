using System;

namespace Internal.Runtime.CompilerHelpers;

/// <summary>What <c>typeof</c> compiles to; names known to the compiler.</summary>
internal static class LdTokenHelpers
{
    private static RuntimeTypeHandle GetRuntimeTypeHandle(nint type) => throw new NotSupportedException();

    private static RuntimeMethodHandle GetRuntimeMethodHandle(nint method) =>
        throw new NotSupportedException();

    private static RuntimeFieldHandle GetRuntimeFieldHandle(nint field) => throw new NotSupportedException();

    private static Type GetRuntimeType(nint type) => throw new NotSupportedException();
}
