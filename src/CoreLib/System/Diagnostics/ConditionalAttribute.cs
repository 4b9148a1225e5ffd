namespace System.Diagnostics;

[AttributeUsage(AttributeTargets.Method | AttributeTargets.Class)]
public sealed class ConditionalAttribute : Attribute
{
    public ConditionalAttribute(string conditionString)
    {
        ConditionString = conditionString;
    }

    public string ConditionString { get; }
}
