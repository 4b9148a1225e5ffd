namespace Cashew.Tool.Build;

using System.IO;
using Cashew.Tool.Support;

/// <summary>
/// Links src/Vdso, the library that the kernel lends to programs, and wraps it as an object of the kernel's
/// image.
/// </summary>
internal sealed class VdsoImage
{
    private const string Soname = "linux-vdso.so.1";

    private readonly Toolbox _tools;
    private readonly string _work;

    internal VdsoImage(Toolbox tools, string work)
    {
        _tools = tools;
        _work = work;
    }

    /// <summary>The path of an object whose <c>.rodata</c> has the library between two symbols.</summary>
    internal string Make()
    {
        string folder = _tools.Repository.PathOf("src", "Vdso");
        string result = Path.Combine(_work, "vdso-image.o");
        using Fingerprint inputs = new Fingerprint()
            .File(typeof(VdsoImage).Assembly.Location)
            .Tree(folder, "*.S", "*.h", "*.ld", "*.map");
        Cache.Make(result, inputs, () => _tools.Reporter.Step("link the vDSO", () =>
        {
            string library = Path.Combine(_work, Soname);
            Link(folder, library);
            Wrap(library, result);
        }));
        return result;
    }

    private void Link(string folder, string library)
    {
        string code = Path.Combine(_work, "vdso.o");
        External.RunChecked(
            "gcc",
            ["-c", "-x", "assembler-with-cpp", _tools.Repository.Display(Path.Combine(folder, "Vdso.S")), "-o", code],
            _tools.Repository.Root);
        External.RunChecked(
            "ld.lld",
            [
                "-shared", "-soname", Soname, "--hash-style=both", "--build-id=sha1", "--eh-frame-hdr",
                "-z", "rodynamic", "-z", "noexecstack", "-z", "max-page-size=4096", "--no-undefined", "-Bsymbolic",
                "--strip-all", "-T", _tools.Repository.Display(Path.Combine(folder, "vdso.ld")),
                "--version-script", _tools.Repository.Display(Path.Combine(folder, "vdso.map")), code, "-o", library,
            ],
            _tools.Repository.Root);
    }

    private void Wrap(string library, string output)
    {
        string source = Path.Combine(_work, "vdso-image.S");
        File.WriteAllText(source, $"""
            .section .rodata.vdso, "a", @progbits
            .balign 16
            .global cashew_vdso_start, cashew_vdso_end
            cashew_vdso_start:
            .incbin "{_tools.Repository.Display(library)}"
            cashew_vdso_end:
            .section .note.GNU-stack, "", @progbits

            """);
        External.RunChecked(
            "gcc", ["-c", _tools.Repository.Display(source), "-o", output], _tools.Repository.Root);
    }
}
