namespace System.Runtime.CompilerServices;

[AttributeUsage(AttributeTargets.All)]
public sealed class PreserveBaseOverridesAttribute : Attribute
{
}
