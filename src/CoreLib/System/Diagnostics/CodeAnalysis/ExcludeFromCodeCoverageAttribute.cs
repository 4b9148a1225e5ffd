namespace System.Diagnostics.CodeAnalysis;

[AttributeUsage(AttributeTargets.All)]
public sealed class ExcludeFromCodeCoverageAttribute : Attribute
{
    public string? Justification { get; set; }
}
