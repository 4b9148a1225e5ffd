namespace Cashew.Tool.Build.Symbols;

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text;

/// <summary>
/// Turns ilc's symbols back into C# names. ilc joins assembly, namespace, types and method with underscores
/// and replaces every other character by one, which cannot be undone by looking at the symbol alone; so the
/// names of all types and methods are read from the assemblies, changed in the same way, and looked up.
/// </summary>
internal sealed class SymbolNames
{
    // Its name repeats the names of all methods involved; nobody reads that far in a report.
    private const string DelegateConstructor = "__DelegateCtor_";

    // The compiler's own helpers for one type each.
    private static readonly string[] s_staticBases = ["__GetGCStaticBase_", "__GetNonGCStaticBase_"];

    private readonly Dictionary<string, TypeNames> _types = new(StringComparer.Ordinal);

    internal SymbolNames(IEnumerable<string> assemblies)
    {
        foreach (string assembly in assemblies)
        {
            using PEReader file = new(File.OpenRead(assembly));
            Read(file.GetMetadataReader());
        }
    }

    /// <summary>The C# name; the symbol itself where it does not come from C#.</summary>
    internal string Readable(string symbol)
    {
        if (TryRead(symbol, out string name))
            return name;
        if (symbol.StartsWith(DelegateConstructor, StringComparison.Ordinal))
            return "(delegate constructor)";
        foreach (string prefix in s_staticBases)
        {
            if (symbol.StartsWith(prefix, StringComparison.Ordinal))
                return $"(statics of {Argument(symbol[prefix.Length..])})";
        }

        return symbol;
    }

    /// <summary>
    /// Reads <c>TYPE[&lt;ARGUMENTS&gt;]__METHOD[_NUMBER][&lt;ARGUMENTS&gt;]</c>. The longest type wins: one
    /// type's name may begin with another's.
    /// </summary>
    internal bool TryRead(string symbol, out string name)
    {
        name = symbol;
        for (int end = symbol.Length - 1; end > 0; end--)
        {
            if (symbol[end] is not ('_' or '<') || !_types.TryGetValue(symbol[..end], out TypeNames? type))
                continue;
            int afterType = SkipArguments(symbol, end);
            if (!symbol.AsSpan(afterType).StartsWith("__", StringComparison.Ordinal))
                continue;
            string typeArguments = Arguments(symbol[end..afterType]);
            name = $"{type.Name}{typeArguments}.{Method(type, symbol[(afterType + 2)..])}";
            return true;
        }

        return false;
    }

    private string Method(TypeNames type, string mangled)
    {
        int angle = mangled.IndexOf('<');
        int end = angle < 0 ? mangled.Length : angle;
        int afterArguments = SkipArguments(mangled, end);
        string arguments = Arguments(mangled[end..afterArguments]);
        return type.Method(mangled[..end]) + arguments + mangled[afterArguments..];
    }

    /// <summary>The position behind the angle brackets that begin here, or the same position.</summary>
    private static int SkipArguments(string symbol, int start)
    {
        int depth = 0;
        for (int at = start; at < symbol.Length; at++)
        {
            if (symbol[at] == '<')
                depth++;
            else if (symbol[at] == '>')
                depth--;
            if (depth == 0)
                return at > start ? at + 1 : start;
        }

        return start;
    }

    /// <summary>Type arguments, joined by two underscores; System.__Canon is any reference type.</summary>
    private string Arguments(string mangled)
    {
        if (mangled.Length < 2)
            return "";
        List<string> arguments = [];
        string rest = mangled[1..^1];
        while (rest.Length > 0)
        {
            int length = ArgumentLength(rest);
            arguments.Add(Argument(rest[..length]));
            rest = rest[length..];
            if (rest.StartsWith("__", StringComparison.Ordinal))
                rest = rest[2..];
        }

        return $"<{string.Join(", ", arguments)}>";
    }

    /// <summary>As much as the longest known type takes, or up to the next two underscores.</summary>
    private int ArgumentLength(string rest)
    {
        for (int end = rest.Length; end > 0; end--)
        {
            if (!_types.ContainsKey(rest[..end]))
                continue;
            int after = end < rest.Length ? SkipArguments(rest, end) : end;
            if (after == rest.Length || rest.AsSpan(after).StartsWith("__", StringComparison.Ordinal))
                return after;
        }

        int separator = rest.IndexOf("__", 1, StringComparison.Ordinal);
        return separator < 0 ? rest.Length : separator;
    }

    private string Argument(string mangled)
    {
        int angle = mangled.IndexOf('<');
        string bare = angle < 0 ? mangled : mangled[..angle];
        string arguments = angle < 0 ? "" : Arguments(mangled[angle..]);
        if (!_types.TryGetValue(bare, out TypeNames? type))
            return bare + arguments;
        return type.Name == "System.__Canon" ? "_" : type.Name + arguments;
    }

    private void Read(MetadataReader metadata)
    {
        string assembly = metadata.GetString(metadata.GetAssemblyDefinition().Name);
        foreach (TypeDefinitionHandle handle in metadata.TypeDefinitions)
        {
            TypeDefinition type = metadata.GetTypeDefinition(handle);
            (string mangled, string name) = NameOf(metadata, type);
            TypeNames names = new(name, type.GetMethods()
                .Select(method => metadata.GetString(metadata.GetMethodDefinition(method).Name)));
            _types.TryAdd($"{Mangle(assembly)}_{mangled}", names);
        }
    }

    private static (string Mangled, string Name) NameOf(MetadataReader metadata, TypeDefinition type)
    {
        string own = metadata.GetString(type.Name);
        string bare = own.Split('`')[0];
        if (!type.GetDeclaringType().IsNil)
        {
            TypeDefinition declaring = metadata.GetTypeDefinition(type.GetDeclaringType());
            (string mangled, string outer) = NameOf(metadata, declaring);
            return ($"{mangled}_{Mangle(own)}", $"{outer}.{bare}");
        }

        string space = metadata.GetString(type.Namespace);
        return space.Length == 0 ? (Mangle(own), bare) : (Mangle($"{space}.{own}"), $"{space}.{bare}");
    }

    private static string Mangle(string name)
    {
        StringBuilder mangled = new(name.Length);
        foreach (char at in name)
            mangled.Append(char.IsAsciiLetterOrDigit(at) ? at : '_');
        return mangled.ToString();
    }

    /// <summary>A type's name, and its methods' names by their mangled form.</summary>
    private sealed class TypeNames
    {
        private readonly Dictionary<string, string> _methods = new(StringComparer.Ordinal);

        internal TypeNames(string name, IEnumerable<string> methods)
        {
            Name = name;
            foreach (string method in methods)
                _methods.TryAdd(Mangle(method), method);
        }

        internal string Name { get; }

        /// <summary>Overloads have a number behind them, unless that is a method's own name.</summary>
        internal string Method(string mangled)
        {
            if (_methods.TryGetValue(mangled, out string? name))
                return name;
            int underscore = mangled.LastIndexOf('_');
            bool isOverload = underscore > 0
                && !mangled.AsSpan(underscore + 1).ContainsAnyExceptInRange('0', '9');
            return isOverload && _methods.TryGetValue(mangled[..underscore], out name) ? name : mangled;
        }
    }
}
