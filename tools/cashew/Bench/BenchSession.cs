namespace Cashew.Tool.Bench;

using System.Collections.Generic;
using System.IO;
using System.Linq;
using Cashew.Tool.Machines;
using Cashew.Tool.Support;

/// <summary>
/// All boots of one comparison. Kernels take turns, and a different one begins each time: what the host does
/// meanwhile then falls on all of them.
/// </summary>
internal sealed class BenchSession
{
    private readonly Toolbox _tools;
    private readonly BenchPrograms _programs;
    private readonly BenchSettings _settings;
    private readonly BenchResults _results;

    internal BenchSession(
        Toolbox tools, BenchPrograms programs, BenchSettings settings, BenchResults results)
    {
        _tools = tools;
        _programs = programs;
        _settings = settings;
        _results = results;
    }

    internal void Run()
    {
        Directory.CreateDirectory(_tools.Repository.ArtifactOf("bench"));
        BenchRow[] starts = [.. _results.Rows.Where(row => row.Start != null)];
        StartBench start = new(_programs, _settings, _results);
        if (starts.Length > 0)
        {
            List<BenchVariant> kernels = _results.Variants
                .DistinctBy(variant => variant.Machine.Kernel).ToList();
            _tools.Reporter.Step("warm up", () => kernels.ForEach(start.WarmUp));
        }

        for (int run = 0; run < _settings.Runs; run++)
        {
            foreach (BenchVariant variant in Turn(run))
            {
                string title = $"{variant.Title}, {run + 1} of {_settings.Runs}";
                _tools.Reporter.Step(title, () => RunOnce(variant, start, starts));
            }
        }
    }

    private IEnumerable<BenchVariant> Turn(int run)
    {
        int first = run % _results.Variants.Count;
        return [.. _results.Variants.Skip(first), .. _results.Variants.Take(first)];
    }

    private void RunOnce(BenchVariant variant, StartBench start, BenchRow[] starts)
    {
        foreach (BenchRow row in starts)
        {
            if (row.Start is MachineModel model)
                start.Measure(variant, row, model);
        }

        new BenchGuest(_programs, _settings, _results, variant).Run();
    }
}
