namespace Cashew.Tool.Support;

/// <summary>One package's archive, as apt names it.</summary>
/// <param name="FileName">Name, version and architecture: <c>bash_5.2.15-2+b13_amd64.deb</c>.</param>
/// <param name="LengthBytes">How much there is to download.</param>
/// <param name="Hash">What apt verifies, with the kind of hash before it.</param>
internal sealed record PackageFile(string FileName, long LengthBytes, string Hash);
