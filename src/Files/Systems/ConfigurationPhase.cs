namespace Cashew.Files.Systems;

/// <summary>How far the making of a file system, step by step, has come.</summary>
public enum ConfigurationPhase : byte
{
    /// <summary>Options are taken.</summary>
    Creating = 0,

    /// <summary>The file system is there, and fsmount(2) may mount it.</summary>
    Created,

    /// <summary>It is mounted; options are for a remount.</summary>
    Mounted,

    /// <summary>Nothing works any more: it could not be made.</summary>
    Failed,
}
