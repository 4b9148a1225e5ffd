using System;
using System.Threading;
using Cashew.Abi;
using Cashew.Machine;

namespace Cashew.Syscalls;

/// <summary>A path that a program named, copied out of its reach. Dispose gives the buffer back.</summary>
internal readonly ref struct UserPath : IDisposable
{
    /// <summary>PATH_MAX: with the NUL.</summary>
    private const int BufferBytes = 4096;
    private const int PoolSize = 32;

    // A slot holds a free buffer or null; taken and put back by one exchange each.
    private static readonly byte[]?[] s_pool = new byte[]?[PoolSize];

    private readonly byte[]? _buffer;
    private readonly int _length;

    private UserPath(byte[] buffer, int length)
    {
        _buffer = buffer;
        _length = length;
    }

    internal ReadOnlySpan<byte> Bytes => new(_buffer, 0, _length);

    /// <errors>EFAULT. ENAMETOOLONG: no NUL within PATH_MAX bytes.</errors>
    internal static bool TryCopy(UserAddress address, out UserPath path, out Errno error)
    {
        byte[] buffer = Rent();
        int length = UserMemory.CopyInString(buffer, address);
        if (length >= 0 && length < BufferBytes)
        {
            path = new UserPath(buffer, length);
            error = Errno.None;
            return true;
        }

        Return(buffer);
        path = default;
        error = length < 0 ? Errno.EFAULT : Errno.ENAMETOOLONG;
        return false;
    }

    public void Dispose()
    {
        if (_buffer is not null)
        {
            Return(_buffer);
        }
    }

    private static byte[] Rent()
    {
        for (int i = 0; i < PoolSize; i++)
        {
            if (s_pool[i] is not null && Interlocked.Exchange(ref s_pool[i], null) is { } buffer)
            {
                return buffer;
            }
        }

        return new byte[BufferBytes];
    }

    private static void Return(byte[] buffer)
    {
        for (int i = 0; i < PoolSize; i++)
        {
            if (s_pool[i] is null && Interlocked.CompareExchange(ref s_pool[i], buffer, null) is null)
            {
                return;
            }
        }
    }
}
