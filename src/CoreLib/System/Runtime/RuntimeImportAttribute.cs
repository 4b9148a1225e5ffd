namespace System.Runtime;

[AttributeUsage(AttributeTargets.Method)]
public sealed class RuntimeImportAttribute : Attribute
{
    public RuntimeImportAttribute(string entry)
    {
        Entry = entry;
    }

    public RuntimeImportAttribute(string library, string entry)
    {
        Library = library;
        Entry = entry;
    }

    public string? Library { get; }
    public string Entry { get; }
}
