namespace Cashew.Tasks;

/// <summary>What a thread waits for. Looked at without locks held by the waiter; may take spin locks
/// itself.</summary>
public interface ISleepCondition
{
    bool IsMet();
}
