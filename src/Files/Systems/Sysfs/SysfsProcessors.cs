using System;
using Cashew.Machine;

namespace Cashew.Files.Systems;

/// <summary>What sysfs tells of each processor.</summary>
/// <source>Linux's descriptions of /sys/devices/system/cpu.</source>
internal static class SysfsProcessors
{
    private const int VendorBytes = 12;

    // A package of one core each: what else there is the virtual machine does not tell.
    internal static void Add(SysFilesystem sysfs, int cpu)
    {
        AddTopology(sysfs, cpu, "core_id"u8, text => text.Append((byte)'0'));
        AddTopology(sysfs, cpu, "die_id"u8, text => text.Append((byte)'0'));
        AddTopology(sysfs, cpu, "physical_package_id"u8, text => text.Append((long)cpu));
        AddGroup(sysfs, cpu, "core_cpus"u8);
        AddGroup(sysfs, cpu, "core_siblings"u8);
        AddGroup(sysfs, cpu, "die_cpus"u8);
        AddGroup(sysfs, cpu, "package_cpus"u8);
        AddGroup(sysfs, cpu, "thread_siblings"u8);
        for (int index = 0; CpuFeatures.TryGetCache(index, out CpuCache cache); index++)
            AddCache(sysfs, cpu, index, cache);
        AddLink(sysfs, cpu, "node0"u8, "../../node/node0"u8);
        AddLink(sysfs, cpu, "subsystem"u8, "../../../../bus/cpu"u8);
    }

    // The virtual machine does not tell who shares one: each processor has its own.
    private static void AddCache(SysFilesystem sysfs, int cpu, int index, CpuCache cache)
    {
        ByteBuilder path = new();
        path.Append("devices/system/cpu/cpu"u8).Append((long)cpu).Append("/cache/index"u8).Append((long)index);
        byte[] place = path.ToArray();
        AddFigure(sysfs, place, "/coherency_line_size"u8, cache.LineBytes);
        AddFigure(sysfs, place, "/id"u8, cpu);
        AddFigure(sysfs, place, "/level"u8, cache.Level);
        AddFigure(sysfs, place, "/number_of_sets"u8, cache.Sets);
        AddFigure(sysfs, place, "/physical_line_partition"u8, cache.Partitions);
        AddFigure(sysfs, place, "/shared_cpu_list"u8, cpu);
        AddFigure(sysfs, place, "/ways_of_associativity"u8, cache.Ways);
        Add(sysfs, place, "/shared_cpu_map"u8, text => text.AppendHex(1UL << cpu).Append((byte)'\n'));
        Add(sysfs, place, "/size"u8, text => text.Append(cache.SizeKib).Append("K\n"u8));
        Add(sysfs, place, "/type"u8, text => text.Append(cache.Kind switch
        {
            CpuCache.Data => "Data\n"u8,
            CpuCache.Instruction => "Instruction\n"u8,
            _ => "Unified\n"u8,
        }));
    }

    private static void AddFigure(SysFilesystem sysfs, byte[] place, ReadOnlySpan<byte> name, long value)
        => Add(sysfs, place, name, text => text.Append(value).Append((byte)'\n'));

    private static void Add(SysFilesystem sysfs, byte[] place, ReadOnlySpan<byte> name, Action<ByteBuilder> writer)
        => sysfs.AddText(new ByteBuilder().Append(place).Append(name).Written, writer);

    private static void AddLink(SysFilesystem sysfs, int cpu, ReadOnlySpan<byte> name, ReadOnlySpan<byte> target)
    {
        ByteBuilder path = new();
        path.Append("devices/system/cpu/cpu"u8).Append((long)cpu).Append((byte)'/').Append(name);
        sysfs.AddLink(path.Written, target);
    }

    /// <summary>Which known weaknesses of processors programs have to reckon with. The kernel works around
    /// none: what AMD's processors never had they do not have here.</summary>
    /// <source>Linux's descriptions of hardware vulnerabilities.</source>
    internal static void AddWeaknesses(SysFilesystem sysfs)
    {
        Span<byte> vendor = stackalloc byte[VendorBytes];
        CpuFeatures.CopyVendor(vendor);
        bool isAmd = vendor.SequenceEqual("AuthenticAMD"u8);
        AddWeakness(sysfs, "spec_store_bypass"u8, isThere: true);
        AddWeakness(sysfs, "spectre_v1"u8, isThere: true);
        AddWeakness(sysfs, "spectre_v2"u8, isThere: true);
        AddWeakness(sysfs, "retbleed"u8, isThere: true);
        AddWeakness(sysfs, "gather_data_sampling"u8, !isAmd);
        AddWeakness(sysfs, "itlb_multihit"u8, !isAmd);
        AddWeakness(sysfs, "l1tf"u8, !isAmd);
        AddWeakness(sysfs, "mds"u8, !isAmd);
        AddWeakness(sysfs, "meltdown"u8, !isAmd);
        AddWeakness(sysfs, "mmio_stale_data"u8, !isAmd);
        AddWeakness(sysfs, "reg_file_data_sampling"u8, !isAmd);
        AddWeakness(sysfs, "srbds"u8, !isAmd);
        AddWeakness(sysfs, "tsx_async_abort"u8, !isAmd);
    }

    private static void AddWeakness(SysFilesystem sysfs, ReadOnlySpan<byte> name, bool isThere)
    {
        ByteBuilder path = new();
        path.Append("devices/system/cpu/vulnerabilities/"u8).Append(name);
        sysfs.AddText(path.Written, text => text.Append(isThere ? "Vulnerable\n"u8 : "Not affected\n"u8));
    }

    // Which processors share something: as a mask, and as a list.
    private static void AddGroup(SysFilesystem sysfs, int cpu, ReadOnlySpan<byte> name)
    {
        AddTopology(sysfs, cpu, name, text => text.AppendHex(1UL << cpu));
        ByteBuilder list = new();
        list.Append(name).Append("_list"u8);
        AddTopology(sysfs, cpu, list.Written, text => text.Append((long)cpu));
    }

    private static void AddTopology(
        SysFilesystem sysfs, int cpu, ReadOnlySpan<byte> name, Action<ByteBuilder> writer)
    {
        ByteBuilder path = new();
        path.Append("devices/system/cpu/cpu"u8).Append((long)cpu).Append("/topology/"u8).Append(name);
        sysfs.AddText(path.Written, text =>
        {
            writer(text);
            text.Append((byte)'\n');
        });
    }
}
