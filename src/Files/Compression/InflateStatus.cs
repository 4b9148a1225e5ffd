namespace Cashew.Files.Compression;

/// <summary>How far a decompression has come.</summary>
internal enum InflateStatus : byte
{
    Running,
    Finished,

    /// <summary>The input is over before the data is.</summary>
    Truncated,

    /// <summary>The input is not what an encoder writes.</summary>
    Corrupt,

    /// <summary>What came out has another checksum or length than what was put in.</summary>
    Mismatch,
}
