namespace System.Runtime.CompilerServices;

[AttributeUsage(AttributeTargets.All)]
public sealed class CompilationRelaxationsAttribute : Attribute
{
    public CompilationRelaxationsAttribute(int relaxations)
    {
        CompilationRelaxations = relaxations;
    }

    public int CompilationRelaxations { get; }
}
