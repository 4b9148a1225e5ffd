namespace Cashew.Tool.Support;

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text;

/// <summary>
/// A hash over everything a build step reads. Contents rather than times: a checkout or a restored cache
/// changes times and nothing else. Hashing the whole source tree takes a few milliseconds.
/// </summary>
internal sealed class Fingerprint : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    internal Fingerprint Text(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        _hash.AppendData(BitConverter.GetBytes(bytes.Length));
        _hash.AppendData(bytes);
        return this;
    }

    internal Fingerprint Texts(IEnumerable<string> texts)
    {
        foreach (string text in texts)
            Text(text);
        return this;
    }

    internal Fingerprint File(string path)
    {
        byte[] content = System.IO.File.ReadAllBytes(path);
        Text(path);
        _hash.AppendData(BitConverter.GetBytes(content.Length));
        _hash.AppendData(content);
        return this;
    }

    internal Fingerprint Files(IEnumerable<string> paths)
    {
        foreach (string path in paths.Order(StringComparer.Ordinal))
            File(path);
        return this;
    }

    /// <summary>Every file below a folder that one of the patterns names, with its name.</summary>
    internal Fingerprint Tree(string folder, params string[] patterns) =>
        Files(patterns.SelectMany(pattern =>
            Directory.EnumerateFiles(folder, pattern, SearchOption.AllDirectories)).Distinct());

    public override string ToString() => Convert.ToHexStringLower(_hash.GetCurrentHash());

    public void Dispose() => _hash.Dispose();
}
