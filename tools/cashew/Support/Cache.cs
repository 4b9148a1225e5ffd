namespace Cashew.Tool.Support;

using System;
using System.IO;

/// <summary>
/// Runs a step only when its inputs changed since it last succeeded. The fingerprint lies beside the step's
/// output, so deleting either makes the step run again.
/// </summary>
internal static class Cache
{
    internal static void Make(string output, Fingerprint inputs, Action make)
    {
        if (IsCurrent(output, inputs))
            return;

        Directory.CreateDirectory(Path.GetDirectoryName(output)!);
        // Gone before the work starts: an interrupted step must not look finished.
        File.Delete(KeyOf(output));
        make();
        File.WriteAllText(KeyOf(output), inputs.ToString());
    }

    internal static bool IsCurrent(string output, Fingerprint inputs) =>
        (File.Exists(output) || Directory.Exists(output))
        && File.Exists(KeyOf(output))
        && File.ReadAllText(KeyOf(output)) == inputs.ToString();

    private static string KeyOf(string output) => output + ".key";
}
