namespace Cashew.Files.Systems;

/// <summary>How far the text of a generated file has been produced, for one who has it open.</summary>
public struct TextCursor
{
    /// <summary>Who opened the file: paths are shown as seen from their root, and secrets as their rights
    /// allow.</summary>
    public FileCaller Opener { get; internal init; }

    /// <summary>Zero at the beginning; what else it means only the contents know.</summary>
    public long Position { get; set; }

    /// <summary>What the contents want to keep from one piece to the next; null at the beginning.</summary>
    public object? State { get; set; }

    public bool IsFinished { get; private set; }

    /// <summary>There is no piece after this one.</summary>
    public void Finish() => IsFinished = true;
}
