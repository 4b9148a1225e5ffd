using System;
using System.Diagnostics.CodeAnalysis;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Files.Systems;

namespace Cashew.Processes;

/// <summary>A link that leads to a place even when no name does any more. Reading and following it tells
/// about a process, and is for those who may look into it.</summary>
/// <source>proc_pid_fd(5), proc_pid_exe(5); ptrace(2), PTRACE_MODE_READ_FSCREDS.</source>
internal abstract class MagicLink(
    GeneratedFilesystem filesystem, ulong number, in NewNode node, Subject subject)
    : GeneratedInode(filesystem, number, node)
{
    protected Subject Subject { get; } = subject;

    public sealed override bool IsMagicLink => true;

    public sealed override bool TryReadLink(
        in FileCaller caller, [NotNullWhen(true)] out byte[]? target, out Errno error)
    {
        target = null;
        if (!MayUse(caller, out error)) return false;
        ByteBuilder text = new();
        error = AppendTarget(text, caller.Context.Root);
        if (error == Errno.None) target = text.ToArray();
        return target is not null;
    }

    public sealed override bool TryFollowMagicLink(
        in FileCaller caller, out PathLocation target, out Errno error)
    {
        target = default;
        return MayUse(caller, out error) && TryFollow(out target, out error);
    }

    protected abstract Errno AppendTarget(ByteBuilder text, PathLocation root);

    protected abstract bool TryFollow(out PathLocation target, out Errno error);

    private bool MayUse(in FileCaller caller, out Errno error)
    {
        error = Subject.IsGone ? Errno.ENOENT
            : Subject.IsInspectable(caller.Credentials) ? Errno.None
            : Errno.EACCES;
        return error == Errno.None;
    }
}
