using Cashew.Abi;
using Cashew.Machine;

namespace Cashew.Files;

/// <summary>/dev/null: always at its end, and takes everything.</summary>
internal sealed class NullFile(Inode inode, in OpenRequest request) : OpenFile(inode, request.Location, request.Flags)
{
    public override bool KnowsNoWait => true;

    public override bool IsSeekable => true;

    // Linux: every seek succeeds and goes nowhere.
    public override IoResult Seek(long distance, int origin) => 0;

    protected override IoResult ReadCore(ref UserDestination destination, long offset) => 0;

    protected override IoResult WriteCore(ref UserSource source, ref long offset, long limitBytes)
        => Discard(ref source);

    /// <summary>Takes all without a look: not even the memory need be there.</summary>
    internal static IoResult Discard(ref UserSource source)
    {
        int count = source.RemainingBytes;
        source.SkipAll();
        return count;
    }
}
