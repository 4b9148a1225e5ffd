using Internal.Runtime;

namespace System;

public unsafe class Object
{
    // The collector and every cast read this word; see Internal.Runtime.MethodTable.
    private MethodTable* m_pEEType;

    public Object()
    {
    }

    internal MethodTable* TypeOf => m_pEEType;

    public virtual bool Equals(object? other) => (object)this == other;

    public static bool Equals(object? left, object? right) =>
        left == right || (left is not null && right is not null && left.Equals(right));

    public static bool ReferenceEquals(object? left, object? right) => left == right;

    // Objects never move, so an address is a stable identity.
    public virtual int GetHashCode() => Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);

    public virtual string? ToString() => null;
}
