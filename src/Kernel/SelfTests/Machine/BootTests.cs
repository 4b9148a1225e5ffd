using System;
using System.Collections.Generic;
using Cashew.Machine;

namespace Cashew.Kernel.SelfTests.Machine;

/// <summary>What the boot loader handed over. Whoever started the machine compares.</summary>
internal static class BootTests
{
    internal static void AddTo(List<SelfTest> tests)
    {
        tests.Add(new SelfTest("the_initramfs_can_be_read_to_its_end", Initramfs));

        // After the one that reads it.
        tests.Add(new SelfTest("the_memory_of_the_initramfs_can_be_given_back", Release));
    }

    private static void Initramfs()
    {
        BootModule? module = BootInfo.Initramfs;
        if (module is null)
        {
            Check.Report("initramfs: none");
            return;
        }

        Check.That(module.LengthBytes > 0);
        string length = module.LengthBytes.ToString();
        Check.Report("initramfs: " + length + " bytes, FNV-1a " + Hash(module).ToString());
    }

    private static void Release()
    {
        BootModule? module = BootInfo.Initramfs;
        if (module is null)
        {
            Check.Report("initramfs: none");
            return;
        }

        // Even at its beginning, less than a page may not be had: the rest of that frame is still needed.
        long total = Frame.TotalCount;
        long free = Frame.FreeCount;
        Check.Equal(0L, module.Release(0, 1));
        Check.Equal(total, Frame.TotalCount);
        Check.Equal(1L, module.Release(1, 0));

        long length = module.LengthBytes;
        Check.Equal(length, module.Release(0, length));
        long added = Frame.TotalCount - total;
        long fewest = (length + Frame.SizeBytes - 1) / Frame.SizeBytes;
        Check.That(added == fewest || added == fewest + 1);
        Check.Equal(free + added, Frame.FreeCount);
        Check.Report("initramfs: " + added.ToString() + " frames given back");
    }

    /// <source>FNV-1a, 64 bits: draft-eastlake-fnv, section 5.</source>
    private static ulong Hash(BootModule module)
    {
        const int PieceBytes = 4096;
        ulong hash = 0xCBF2_9CE4_8422_2325;
        for (long at = 0; at < module.LengthBytes; at += PieceBytes)
        {
            foreach (byte value in module.Bytes(at, (int)Math.Min(PieceBytes, module.LengthBytes - at)))
            {
                hash = (hash ^ value) * 0x100_0000_01B3;
            }
        }

        return hash;
    }
}
