using Cashew.Memory;

namespace Cashew.Host.Memory;

internal sealed class TestBudget(long limitPages) : PageBudget
{
    internal long Charged { get; private set; }

    public override long LimitPages => limitPages;

    public override bool TryCharge(long pages)
    {
        if (Charged + pages > limitPages) return false;
        Charged += pages;
        return true;
    }

    public override void Uncharge(long pages) => Charged -= pages;
}
