namespace Cashew.Memory;

/// <summary>A segment as attached by shmat(2): shmdt(2) takes away what is left of it by its first
/// address.</summary>
public interface IAttachedMemory : IMappedFile
{
    /// <summary>The length of the segment.</summary>
    ulong LengthBytes { get; }
}
