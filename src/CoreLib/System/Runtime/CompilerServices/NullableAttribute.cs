namespace System.Runtime.CompilerServices;

[AttributeUsage(AttributeTargets.All)]
public sealed class NullableAttribute : Attribute
{
    public readonly byte[] NullableFlags;

    public NullableAttribute(byte flag)
    {
        NullableFlags = [flag];
    }

    public NullableAttribute(byte[] flags)
    {
        NullableFlags = flags;
    }
}
