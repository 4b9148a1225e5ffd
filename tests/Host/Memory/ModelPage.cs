using Cashew.Machine;
using Cashew.Memory;

namespace Cashew.Host.Memory;

/// <summary>One mapped page as the model sees it.</summary>
internal sealed class ModelPage
{
    internal PageRights Rights { get; set; }

    internal bool IsShared { get; init; }

    /// <summary>Null: private anonymous memory.</summary>
    internal ModelObject? Object { get; init; }

    internal int Index { get; init; }

    /// <summary>What was written into a private page; null: nothing.</summary>
    internal byte? Own { get; set; }

    internal bool IsBeyondEnd => Own is null && Object is not null && Index >= Object.Pages.Count;

    internal byte Value
    {
        get => Own ?? (Object is null ? (byte)0 : Object.Pages[Index]);
        set
        {
            if (IsShared) Object!.Pages[Index] = value;
            else Own = value;
        }
    }

    internal ModelPage Copy() => new() { Rights = Rights, IsShared = IsShared, Object = Object, Index = Index, Own = Own };

    /// <summary>The page so many pages further on in the same mapping.</summary>
    internal ModelPage Fresh(int distance) =>
        new() { Rights = Rights, IsShared = IsShared, Object = Object, Index = Index + distance };

    internal FaultResult Expect(FaultAccess access)
    {
        bool isAllowed = access == FaultAccess.Write ? (Rights & PageRights.Write) != 0 : Rights != PageRights.None;
        if (!isAllowed) return FaultResult.BadAccess;
        return IsBeyondEnd ? FaultResult.BusError : FaultResult.Handled;
    }
}
