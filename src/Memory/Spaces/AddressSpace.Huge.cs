using Cashew.Machine;

namespace Cashew.Memory;

/// <content>Large pages</content>
/// <remarks>
/// The first write to a part of private memory that spans an aligned 2 MiB, none of which has a page yet,
/// brings in a large page. It stays one until a part of it is treated differently from the rest; then it
/// becomes small ones.
/// </remarks>
public sealed partial class AddressSpace
{
    private bool TryInstallBlock(in FaultView view, UserAddress page, in FaultTicket ticket)
    {
        UserAddress start = new(page.Value & ~(ulong)(FrameBlock.SizeBytes - 1));
        if (start < view.Start || view.End - start < FrameBlock.SizeBytes) return false;
        if (RefusesHugePages || !HugePages.AreWanted(view.Flags) || !_pages.MayHoldBlock(start)) return false;
        if (!UserFrames.TryAllocateZeroedBlock(out FrameBlock block)) return false;
        if (_pages.InstallBlock(in ticket, start, block, view.Rights) == InstallResult.Installed) return true;

        block.Release();
        return false;
    }
}
