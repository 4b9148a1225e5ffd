namespace System.Runtime;

[AttributeUsage(AttributeTargets.Method)]
public sealed class RuntimeExportAttribute : Attribute
{
    public RuntimeExportAttribute(string entry)
    {
        Entry = entry;
    }

    public string Entry { get; }
}
