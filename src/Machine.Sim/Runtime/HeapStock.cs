namespace Cashew.Machine.Simulated;

/// <summary>How much the heap could still allocate if there were no more frames.</summary>
public enum HeapStock
{
    Full,

    /// <summary>Less than it should.</summary>
    Short,

    /// <summary>So little that the next operations might find none.</summary>
    Low,
}
