using System;
using System.Diagnostics.CodeAnalysis;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Files.Systems;

namespace Cashew.Processes;

/// <summary>/proc/PID/net: what the process sees of the network. All see the same.</summary>
/// <source>proc_pid_net(5).</source>
internal sealed class NetworkDirectory(GeneratedFilesystem filesystem, Subject subject, ulong number)
    : GeneratedDirectory(filesystem, number, new NewNode(Abi.Mode.S_IFDIR | GeneratedMode.Directory, 0, 0))
{
    private readonly GeneratedFilesystem _filesystem = filesystem;
    private readonly Subject _subject = subject;

    public override bool CachesName(Inode? found) => false;

    protected override bool TryFindChanging(ReadOnlySpan<byte> name, [NotNullWhen(true)] out Inode? inode)
    {
        inode = null;
        ReadOnlySpan<NetworkTexts.Entry> entries = NetworkTexts.All;
        for (int i = 0; i < entries.Length; i++)
        {
            if (!name.SequenceEqual(entries[i].Name)) continue;
            NewNode node = new(Abi.Mode.S_IFREG | GeneratedMode.ReadOnly, 0, 0);
            inode = new GeneratedFile(_filesystem, NumberOf(i), node, entries[i].Contents);
            return true;
        }

        return false;
    }

    protected override Errno ListChanging(ref long position, ref DirectorySink sink)
    {
        ReadOnlySpan<NetworkTexts.Entry> entries = NetworkTexts.All;
        for (int i = (int)Math.Max(0, position - FirstChanging); i < entries.Length; i++)
        {
            long next = FirstChanging + i + 1;
            if (!sink.TryAdd(entries[i].Name, NumberOf(i), InodeType.Regular, next)) return Errno.None;
            position = next;
        }

        return Errno.None;
    }

    private ulong NumberOf(int entry) => _subject.InodeNumber(ProcfsNumbers.FirstNetworkSlot + entry);
}
