namespace Cashew.Tool.Images;

/// <summary>Whose a file is and when it was changed, as archives note it.</summary>
/// <param name="Uid">The owner.</param>
/// <param name="Gid">The group.</param>
/// <param name="Modified">Seconds since 1970.</param>
internal readonly record struct FileOwnership(int Uid, int Gid, int Modified);
