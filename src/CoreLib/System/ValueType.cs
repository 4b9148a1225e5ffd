using Internal.Runtime;

namespace System;

public abstract class ValueType
{
    // Stock .NET compares fields by reflection here. There is none in the kernel: a struct that is compared
    // implements IEquatable<T> (records do), so reaching these two is a bug and says so.
    public override bool Equals(object? other) => throw new NotSupportedException();

    public override int GetHashCode() => throw new NotSupportedException();

    // Named by the ahead-of-time compiler, which overrides it for structs that need it.
    internal virtual unsafe int __GetFieldHelper(int index, out MethodTable* type)
    {
        type = null;
        return 0;
    }
}
