using System;
using Cashew.Files;
using Cashew.Machine;

namespace Cashew.Processes;

/// <summary>The features of the processor, as words.</summary>
/// <source>Intel SDM volume 2, CPUID; AMD APM volume 3, appendix E; the words are those of
/// proc_cpuinfo(5).</source>
internal static class ProcessorFlags
{
    private const int WordCount = 6;
    private const int BitsPerWord = 32;

    // Parts of the register state that the kernel saves for programs.
    private const ulong AvxState = 1 << 2;
    private const ulong Avx512State = 0b111 << 5;

    internal static void Append(ByteBuilder text)
    {
        for (int word = 0; word < WordCount; word++)
        {
            ReadOnlySpan<byte> names = NamesOf(word);
            uint bits = CpuFeatures.Word(word);
            for (int bit = 0; bit < BitsPerWord && !names.IsEmpty; bit++)
            {
                ReadOnlySpan<byte> name = TakeName(ref names);
                if ((bits >> bit & 1) == 0 || name[0] == (byte)'-' || !IsUsable(name)) continue;
                text.Append((byte)' ').Append(name);
            }
        }
    }

    /// <summary>Vector registers that the kernel does not save are none that a program could use.</summary>
    private static bool IsUsable(ReadOnlySpan<byte> name)
    {
        if (name.StartsWith("avx512"u8)) return (UserFpu.Components & Avx512State) == Avx512State;
        bool needsAvx = name.StartsWith("avx"u8) || name.SequenceEqual("fma"u8) || name.SequenceEqual("f16c"u8)
            || name.SequenceEqual("vaes"u8) || name.SequenceEqual("vpclmulqdq"u8);
        return !needsAvx || (UserFpu.Components & AvxState) != 0;
    }

    private static ReadOnlySpan<byte> TakeName(ref ReadOnlySpan<byte> names)
    {
        int end = names.IndexOf((byte)' ');
        ReadOnlySpan<byte> name = end < 0 ? names : names[..end];
        names = end < 0 ? default : names[(end + 1)..];
        return name;
    }

    // A name for each bit from the lowest on; a dash for a bit without one.
    private static ReadOnlySpan<byte> NamesOf(int word) => word switch
    {
        0 => """
            fpu vme de pse tsc msr pae mce cx8 apic - sep mtrr pge mca cmov pat pse36 pn clflush - dts acpi mmx fxsr sse sse2 ss ht tm ia64 pbe
            """u8,
        1 => """
            pni pclmulqdq dtes64 monitor ds_cpl vmx smx est tm2 ssse3 cid sdbg fma cx16 xtpr pdcm - pcid dca sse4_1 sse4_2 x2apic movbe popcnt tsc_deadline_timer aes xsave - avx f16c rdrand hypervisor
            """u8,
        2 => """
            fsgsbase tsc_adjust sgx bmi1 hle avx2 - smep bmi2 erms invpcid rtm cqm - mpx rdt_a avx512f avx512dq rdseed adx smap avx512ifma - clflushopt clwb intel_pt avx512pf avx512er avx512cd sha_ni avx512bw avx512vl
            """u8,
        3 => """
            - avx512vbmi umip pku ospke waitpkg avx512_vbmi2 - gfni vaes vpclmulqdq avx512_vnni avx512_bitalg tme avx512_vpopcntdq - la57 - - - - - rdpid - - cldemote - movdiri movdir64b enqcmd - -
            """u8,
        4 => """
            - - - - - - - - - - - syscall - - - - - - - mp nx - mmxext - - fxsr_opt pdpe1gb rdtscp - lm 3dnowext 3dnow
            """u8,
        _ => """
            lahf_lm cmp_legacy svm extapic cr8_legacy abm sse4a misalignsse 3dnowprefetch osvw ibs xop skinit wdt - lwp fma4 tce - nodeid_msr - tbm topoext perfctr_core perfctr_nb - bpext ptsc perfctr_llc mwaitx - -
            """u8,
    };
}
