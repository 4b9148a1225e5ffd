namespace Cashew.Machine;

/// <summary>A run of user memory: one element of readv's and writev's vectors.</summary>
public readonly struct UserSegment(UserAddress start, int lengthBytes)
{
    public UserAddress Start { get; } = start;

    public int LengthBytes { get; } = lengthBytes;
}
