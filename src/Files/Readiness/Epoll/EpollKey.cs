using System;

namespace Cashew.Files;

/// <summary>What names an item: the number alone does not, because it may mean another file by now.</summary>
/// <source>epoll(7), Questions and answers, 1.</source>
internal readonly struct EpollKey(int fd, OpenFile file) : IEquatable<EpollKey>
{
    private readonly int _fd = fd;
    private readonly OpenFile _file = file;

    public bool Equals(EpollKey other) => _fd == other._fd && ReferenceEquals(_file, other._file);

    public override bool Equals(object? obj) => obj is EpollKey other && Equals(other);

    // Few numbers are watched for more than one file.
    public override int GetHashCode() => _fd;
}
