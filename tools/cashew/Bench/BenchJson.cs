namespace Cashew.Tool.Bench;

using System.Collections.Generic;
using System.IO;
using System.Text.Json;

/// <summary>The results for other programs: every sample, not only the medians.</summary>
internal static class BenchJson
{
    internal static void Write(
        string path, BenchResults results, IReadOnlyList<(string Name, string Value)> facts)
    {
        using FileStream output = File.Create(path);
        using Utf8JsonWriter json = new(output, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        foreach ((string name, string value) in facts)
            json.WriteString(name, value);

        json.WriteStartArray("rows");
        foreach (BenchRow row in results.Rows)
            WriteRow(json, results, row);
        json.WriteEndArray();

        json.WriteStartArray("remarks");
        foreach (string remark in results.Remarks())
            json.WriteStringValue(remark);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteRow(Utf8JsonWriter json, BenchResults results, BenchRow row)
    {
        json.WriteStartObject();
        json.WriteString("name", row.Name);
        json.WriteString("what", row.What);
        foreach (BenchVariant variant in results.Variants)
        {
            BenchSamples samples = results[variant, row];
            json.WriteStartObject(variant.Key);
            if (samples.HasValue)
            {
                json.WriteString("unit", samples.Unit!.Name);
                json.WriteNumber("median", samples.Median);
            }

            json.WriteStartArray("samples");
            foreach (double value in samples.Values)
                json.WriteNumberValue(value);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }
}
