using Cashew.Files;
using Cashew.Files.Systems;
using Cashew.Machine;

namespace Cashew.Kernel.Boot;

/// <summary>The root: a tmpfs that is filled from the archive which the boot loader left in memory.</summary>
internal static class RootFilesystem
{
    internal static MountNamespace Create()
    {
        BootModule? module = BootInfo.Initramfs;
        if (module is null) Panic.Stop("no initramfs: the boot loader left no archive, so there is nothing to run");

        TmpfsFilesystem root = TmpfsType.CreateRoot();
        InitialTree.Fill(root);
        if (!Initramfs.TryUnpack(module, root, out string? message)) Panic.Stop("initramfs: " + message);
        return new MountNamespace(root, "rootfs"u8);
    }
}
