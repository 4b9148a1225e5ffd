namespace System.Runtime.CompilerServices;

[AttributeUsage(AttributeTargets.All)]
public sealed class NullablePublicOnlyAttribute : Attribute
{
    public readonly bool IncludesInternals;

    public NullablePublicOnlyAttribute(bool includesInternals)
    {
        IncludesInternals = includesInternals;
    }
}
