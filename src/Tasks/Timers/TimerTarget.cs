namespace Cashew.Tasks;

/// <summary>What happens when a timer goes off: in interrupt context, so no allocation and no
/// sleep.</summary>
public abstract class TimerTarget
{
    public abstract void Expired(Timer timer);
}
