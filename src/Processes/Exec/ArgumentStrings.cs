using System;
using System.Diagnostics.CodeAnalysis;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Memory;

namespace Cashew.Processes;

/// <summary>
/// The strings of argv and envp on their way from the old program to the new one: each with its terminator,
/// in the order in which they will lie on the stack.
/// </summary>
/// <remarks>
/// They wait in frames of their own rather than in the new stack, because a script may still replace the
/// first of them, and because a program that changes its strings meanwhile must not change their number.
/// </remarks>
/// <source>execve(2), "Limits on size of arguments and environment".</source>
public sealed class ArgumentStrings
{
    /// <summary>The longest single string, its terminator included.</summary>
    public const int MaxStringBytes = 32 * UserAddress.PageSizeBytes;

    /// <summary>ARG_MAX as it was before 2.6.23: always allowed, however low RLIMIT_STACK is.</summary>
    private const long MinimumLimitBytes = 32 * UserAddress.PageSizeBytes;

    /// <summary>Three quarters of the default 8 MiB stack: never more, however high RLIMIT_STACK
    /// is.</summary>
    private const long MaximumLimitBytes = 6 * 1024 * 1024;

    private readonly long _limitBytes;
    private readonly long _stackBytes;
    private Frame[] _pages = new Frame[2];
    private int _pageCount;
    private long _lengthBytes;

    // What scripts put before the strings, and how much of the gathered ones they took away for it.
    private byte[] _prefix = [];
    private int _prefixCount;
    private long _skippedBytes;

    private ArgumentStrings(ulong stackLimitBytes)
    {
        long quarter = (long)Math.Min(stackLimitBytes / 4, (ulong)MaximumLimitBytes);
        _limitBytes = Math.Max(quarter, MinimumLimitBytes);
        _stackBytes = (long)Math.Clamp(stackLimitBytes, UserAddress.PageSizeBytes, (ulong)MaximumLimitBytes);
    }

    /// <summary>argc, those that scripts added included.</summary>
    public int ArgumentCount { get; private set; }

    public int EnvironmentCount { get; private set; }

    /// <summary>Bytes of all strings as they will lie on the stack.</summary>
    public long LengthBytes => _prefix.Length + _lengthBytes - _skippedBytes;

    /// <summary>Of these, how many belong to argv.</summary>
    public long ArgumentBytes { get; private set; }

    public static ArgumentStrings Create(ulong stackLimitBytes) => new(stackLimitBytes);

    /// <summary>Copies argv and envp from the current address space.</summary>
    /// <errors>
    /// E2BIG: a string of more than 128 KiB, or all together more than a quarter of RLIMIT_STACK, or than
    /// RLIMIT_STACK.
    /// EFAULT: an array or a string is not readable. ENOMEM: no frame.
    /// </errors>
    public Errno Gather(UserAddress argumentArray, UserAddress environmentArray, int fileNameBytes)
    {
        Errno error = CountPointers(argumentArray, out int argumentCount);
        if (error != Errno.None) return error;
        error = CountPointers(environmentArray, out int environmentCount);
        if (error != Errno.None) return error;

        // The pointers count, too, and the name that AT_EXECFN points at.
        long reserved = ((long)argumentCount + environmentCount) * sizeof(ulong) + fileNameBytes + 1;
        if (reserved > _limitBytes) return Errno.E2BIG;

        // However much is always allowed, it has to lie on the stack.
        long room = Math.Min(_limitBytes - reserved, _stackBytes);

        error = GatherArray(argumentArray, argumentCount, room);
        if (error != Errno.None) return error;
        ArgumentCount = argumentCount;
        // A program can rely on argv[0]: an empty list becomes one empty string.
        if (argumentCount == 0) return AppendEmptyThen(environmentArray, environmentCount, room);
        ArgumentBytes = _lengthBytes;

        EnvironmentCount = environmentCount;
        return GatherArray(environmentArray, environmentCount, room);
    }

    /// <summary>Adds a string from the kernel; arguments first, then the environment.</summary>
    public Errno Append(ReadOnlySpan<byte> text, StringKind kind)
    {
        Errno error = AppendBytes(text);
        if (error == Errno.None) error = AppendBytes([0]);
        if (error != Errno.None) return error;
        if (kind == StringKind.Environment)
        {
            EnvironmentCount++;
            return Errno.None;
        }

        ArgumentCount++;
        ArgumentBytes = _lengthBytes;
        return Errno.None;
    }

    /// <summary>
    /// What a script does to its arguments: the first one makes room for the interpreter's name, its argument
    /// and the script's own name.
    /// </summary>
    public Errno ReplaceFirst(scoped in ScriptHeader header, ReadOnlySpan<byte> scriptName)
    {
        int addedCount = header.Argument.IsEmpty ? 2 : 3;
        int addedBytes = header.Interpreter.Length + 1 + scriptName.Length + 1
            + (header.Argument.IsEmpty ? 0 : header.Argument.Length + 1);

        ReadOnlySpan<byte> keptPrefix = _prefix;
        if (_prefixCount > 0)
        {
            int removed = keptPrefix.IndexOf((byte)0) + 1;
            keptPrefix = keptPrefix[removed..];
            ArgumentBytes -= removed;
        }
        else
        {
            _skippedBytes = FirstStringBytes();
            ArgumentBytes -= _skippedBytes;
        }

        byte[] prefix = new byte[addedBytes + keptPrefix.Length];
        int at = Put(prefix, 0, header.Interpreter);
        if (!header.Argument.IsEmpty) at = Put(prefix, at, header.Argument);
        at = Put(prefix, at, scriptName);
        keptPrefix.CopyTo(prefix.AsSpan(at));

        _prefix = prefix;
        _prefixCount += addedCount - (_prefixCount > 0 ? 1 : 0);
        ArgumentCount += addedCount - 1;
        ArgumentBytes += addedBytes;
        return LengthBytes > _limitBytes ? Errno.E2BIG : Errno.None;
    }

    /// <summary>Puts all strings at an address of a space that need not be the current one.</summary>
    public bool TryCopyTo(AddressSpace space, UserAddress at)
    {
        if (space.CopyOut(at, _prefix) != _prefix.Length) return false;
        at += (ulong)_prefix.Length;
        for (long offset = _skippedBytes; offset < _lengthBytes;)
        {
            ReadOnlySpan<byte> chunk = Chunk(offset);
            if (space.CopyOut(at, chunk) != chunk.Length) return false;
            at += (ulong)chunk.Length;
            offset += chunk.Length;
        }

        return true;
    }

    /// <summary>
    /// The length of the string that begins <paramref name="offset"/> bytes into the whole, with its
    /// terminator.
    /// </summary>
    public int StringBytesAt(long offset)
    {
        if (offset < _prefix.Length) return _prefix.AsSpan((int)offset).IndexOf((byte)0) + 1;
        return GatheredStringBytes(offset - _prefix.Length + _skippedBytes);
    }

    public void Release()
    {
        for (int i = 0; i < _pageCount; i++) _pages[i].Release();
        _pageCount = 0;
        _lengthBytes = 0;
        _skippedBytes = 0;
    }

    private Errno AppendEmptyThen(UserAddress environmentArray, int environmentCount, long room)
    {
        Errno error = Append([], StringKind.Argument);
        if (error != Errno.None) return error;
        EnvironmentCount = environmentCount;
        return GatherArray(environmentArray, environmentCount, room);
    }

    private static Errno CountPointers(UserAddress array, out int count)
    {
        count = 0;
        if (array.IsNull) return Errno.None;
        const int MaxPointers = (int)(MaximumLimitBytes / sizeof(ulong));
        while (true)
        {
            if (!UserMemory.TryRead(array + (ulong)count * sizeof(ulong), out ulong pointer)) return Errno.EFAULT;
            if (pointer == 0) return Errno.None;
            if (++count > MaxPointers) return Errno.E2BIG;
        }
    }

    private Errno GatherArray(UserAddress array, int count, long room)
    {
        for (int i = 0; i < count; i++)
        {
            if (!UserMemory.TryRead(array + (ulong)i * sizeof(ulong), out ulong pointer)) return Errno.EFAULT;
            // Another thread may have shortened the array since it was counted.
            if (pointer == 0) return Errno.EFAULT;
            Errno error = GatherString(new UserAddress(pointer), room);
            if (error != Errno.None) return error;
        }

        return Errno.None;
    }

    private Errno GatherString(UserAddress source, long room)
    {
        long start = _lengthBytes;
        while (true)
        {
            if (!TryGetSpace(out Span<byte> space)) return Errno.ENOMEM;
            int copied = UserMemory.CopyInString(space, source);
            if (copied < 0) return Errno.EFAULT;
            bool isComplete = copied < space.Length;
            _lengthBytes += isComplete ? copied + 1 : copied;
            if (_lengthBytes - start > MaxStringBytes || _lengthBytes > room) return Errno.E2BIG;
            if (isComplete)
            {
                space[copied] = 0;
                return Errno.None;
            }

            source += (ulong)copied;
        }
    }

    private Errno AppendBytes(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (!TryGetSpace(out Span<byte> space)) return Errno.ENOMEM;
            int count = Math.Min(space.Length, bytes.Length);
            bytes[..count].CopyTo(space);
            bytes = bytes[count..];
            _lengthBytes += count;
        }

        return _lengthBytes > _limitBytes ? Errno.E2BIG : Errno.None;
    }

    /// <summary>The free rest of the last page, of a new one when it is full.</summary>
    private bool TryGetSpace(out Span<byte> space)
    {
        int offset = (int)(_lengthBytes % UserAddress.PageSizeBytes);
        int page = (int)(_lengthBytes / UserAddress.PageSizeBytes);
        space = default;
        if (page == _pageCount)
        {
            if (page == _pages.Length) Array.Resize(ref _pages, page * 2);
            if (!UserFrames.TryAllocate(out _pages[page])) return false;
            _pageCount++;
        }

        space = _pages[page].Bytes[offset..];
        return true;
    }

    private ReadOnlySpan<byte> Chunk(long offset)
    {
        int page = (int)(offset / UserAddress.PageSizeBytes);
        int start = (int)(offset % UserAddress.PageSizeBytes);
        int end = (int)Math.Min(UserAddress.PageSizeBytes, _lengthBytes - offset + start);
        return _pages[page].Bytes[start..end];
    }

    private long FirstStringBytes() => _lengthBytes == 0 ? 0 : GatheredStringBytes(0);

    private int GatheredStringBytes(long offset)
    {
        int length = 0;
        while (true)
        {
            ReadOnlySpan<byte> chunk = Chunk(offset + length);
            int end = chunk.IndexOf((byte)0);
            if (end >= 0) return length + end + 1;
            length += chunk.Length;
        }
    }

    private static int Put(byte[] destination, int at, ReadOnlySpan<byte> text)
    {
        text.CopyTo(destination.AsSpan(at));
        return at + text.Length + 1;
    }
}
