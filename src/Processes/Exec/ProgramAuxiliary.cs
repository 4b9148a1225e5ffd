using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;

namespace Cashew.Processes;

/// <summary>Fills in the auxiliary vector, in Linux's order.</summary>
/// <source>getauxval(3).</source>
internal static class ProgramAuxiliary
{
    private const ulong HwcapFsGsBase = 1 << 1;

    internal static void Fill(
        AuxiliaryVector vector, ElfPlan plan, ulong bias, ulong interpreterBase, in InitialStack stack,
        ProgramLoad load)
    {
        if (!load.Vdso.IsNull) vector.Add(AuxvType.AT_SYSINFO_EHDR, load.Vdso.Value);
        vector.Add(AuxvType.AT_MINSIGSTKSZ, SignalFrame.MinimumStackBytes);
        vector.Add(AuxvType.AT_HWCAP, CpuFeatures.HardwareCapabilities);
        vector.Add(AuxvType.AT_PAGESZ, UserAddress.PageSizeBytes);
        vector.Add(AuxvType.AT_CLKTCK, Limits.CLK_TCK);
        vector.Add(AuxvType.AT_PHDR, plan.TableAddress == 0 ? 0 : unchecked(plan.TableAddress + bias));
        vector.Add(AuxvType.AT_PHENT, ElfFileHeader.TableEntryBytes);
        vector.Add(AuxvType.AT_PHNUM, (ulong)plan.Header.TableCount);
        vector.Add(AuxvType.AT_BASE, interpreterBase);
        vector.Add(AuxvType.AT_FLAGS, 0);
        vector.Add(AuxvType.AT_ENTRY, unchecked(plan.Header.Entry + bias));
        AddCredentials(vector, load);
        vector.Add(AuxvType.AT_RANDOM, stack.Random.Value);
        vector.Add(AuxvType.AT_HWCAP2, CpuFeatures.HasFsGsBase ? HwcapFsGsBase : 0);
        vector.Add(AuxvType.AT_EXECFN, stack.FileName.Value);
        vector.Add(AuxvType.AT_PLATFORM, stack.Platform.Value);
    }

    private static void AddCredentials(AuxiliaryVector vector, ProgramLoad load)
    {
        Credentials credentials = load.Credentials;
        vector.Add(AuxvType.AT_UID, credentials.Uid);
        vector.Add(AuxvType.AT_EUID, credentials.Euid);
        vector.Add(AuxvType.AT_GID, credentials.Gid);
        vector.Add(AuxvType.AT_EGID, credentials.Egid);
        vector.Add(AuxvType.AT_SECURE, load.IsSecure ? 1UL : 0);
    }
}
