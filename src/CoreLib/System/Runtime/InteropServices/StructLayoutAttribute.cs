namespace System.Runtime.InteropServices;

[AttributeUsage(AttributeTargets.All)]
public sealed class StructLayoutAttribute : Attribute
{
    public int Pack;
    public int Size;
    public CharSet CharSet;

    public StructLayoutAttribute(LayoutKind layoutKind)
    {
        Value = layoutKind;
    }

    public LayoutKind Value { get; }
}
