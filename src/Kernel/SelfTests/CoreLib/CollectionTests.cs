using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;

namespace Cashew.Kernel.SelfTests.CoreLib;

/// <summary>Collections, mostly against a naive model. Every expectation holds on stock .NET, too.</summary>
internal static class CollectionTests
{
    internal static void AddTo(List<SelfTest> tests)
    {
        tests.Add(new(nameof(A_list_does_what_its_model_does), A_list_does_what_its_model_does));
        tests.Add(new(nameof(A_list_finds_sorts_and_filters), A_list_finds_sorts_and_filters));
        tests.Add(new(nameof(A_dictionary_does_what_its_model_does), A_dictionary_does_what_its_model_does));
        tests.Add(new(nameof(A_dictionary_uses_its_comparer), A_dictionary_uses_its_comparer));
        tests.Add(new(nameof(A_dictionary_lists_pairs_in_order), A_dictionary_lists_pairs_in_order));
        tests.Add(new(
            nameof(A_dictionary_may_lose_keys_while_listed),
            A_dictionary_may_lose_keys_while_listed));
        tests.Add(new(nameof(A_set_holds_each_member_once), A_set_holds_each_member_once));
        tests.Add(new(
            nameof(A_queue_keeps_the_order_across_its_end),
            A_queue_keeps_the_order_across_its_end));
        tests.Add(new(nameof(A_stack_returns_the_last_first), A_stack_returns_the_last_first));
        tests.Add(new(
            nameof(A_priority_queue_returns_the_least_first),
            A_priority_queue_returns_the_least_first));
        tests.Add(new(
            nameof(Collections_can_be_listed_through_interfaces),
            Collections_can_be_listed_through_interfaces));
    }

    private static void A_list_does_what_its_model_does()
    {
        List<int> list = new();
        int[] model = new int[400];
        int count = 0;
        uint random = 7;
        for (int step = 0; step < 4000; step++)
        {
            random = Next(random);
            int at = count == 0 ? 0 : (int)(random >> 8) % count;
            switch (random % 5)
            {
                case 0 or 1 when count < model.Length:
                    list.Add(step);
                    model[count++] = step;
                    break;
                case 2 when count < model.Length:
                    list.Insert(at, step);
                    model.AsSpan(at, count - at).CopyTo(model.AsSpan(at + 1));
                    model[at] = step;
                    count++;
                    break;
                case 3 when count > 0:
                    list.RemoveAt(at);
                    count--;
                    model.AsSpan(at + 1, count - at).CopyTo(model.AsSpan(at));
                    break;
                case 4 when count > 0:
                    list[at] = -step;
                    model[at] = -step;
                    break;
            }

            Check.Equal(count, list.Count);
        }

        Check.That(CollectionsMarshal.AsSpan(list).SequenceEqual(model.AsSpan(0, count)));
        int index = 0;
        foreach (int item in list)
        {
            Check.Equal(model[index++], item);
        }

        list.Clear();
        Check.Equal(0, list.Count);
    }

    private static void A_list_finds_sorts_and_filters()
    {
        List<string> list = ["pear", "fig", "apple", "kiwi", "fig"];
        Check.Equal(1, list.IndexOf("fig"));
        Check.Equal(4, list.LastIndexOf("fig"));
        Check.That(list.Contains("kiwi") && !list.Contains("plum"));
        Check.Equal("apple", list.Find(static name => name.Length == 5)!);
        Check.Equal(2, list.RemoveAll(static name => name == "fig"));
        list.Sort(static (left, right) => string.CompareOrdinal(left, right));
        Check.Equal("apple kiwi pear", string.Join(' ', list.ToArray()));
        Check.Equal(1, list.BinarySearch("kiwi", Comparer<string>.Create(string.CompareOrdinal)));
        Check.Equal(~1, list.BinarySearch("banana", Comparer<string>.Create(string.CompareOrdinal)));
        list.AddRange(new string[] { "a", "b" });
        list.RemoveRange(0, 2);
        list.Reverse();
        Check.Equal("b a pear", string.Join(' ', list.ToArray()));
        Check.Equal("a pear", string.Join(' ', list.GetRange(1, 2).ToArray()));
        Check.That(list.Remove("a") && !list.Remove("zzz"));
        Check.That(list.Exists(static name => name == "b")
            && list.TrueForAll(static name => name.Length > 0));
    }

    private static void A_dictionary_does_what_its_model_does()
    {
        Dictionary<int, int> table = new();
        int[] model = new int[500];
        model.AsSpan().Fill(-1);
        int count = 0;
        uint random = 99;
        for (int step = 0; step < 20_000; step++)
        {
            random = Next(random);
            int key = (int)(random >> 8) % model.Length;
            int tableKey = key * 65_536; // badly distributed on purpose
            if (random % 3 == 0)
            {
                bool removed = table.Remove(tableKey, out int value);
                Check.Equal(model[key] >= 0, removed);
                Check.Equal(removed ? model[key] : 0, value);
                count -= removed ? 1 : 0;
                model[key] = -1;
            }
            else if (random % 3 == 1)
            {
                count += model[key] < 0 ? 1 : 0;
                table[tableKey] = step;
                model[key] = step;
            }
            else
            {
                bool added = table.TryAdd(tableKey, step);
                Check.Equal(model[key] < 0, added);
                model[key] = added ? step : model[key];
                count += added ? 1 : 0;
            }

            Check.Equal(count, table.Count);
        }

        for (int key = 0; key < model.Length; key++)
        {
            Check.Equal(model[key] >= 0, table.TryGetValue(key * 65_536, out int value));
            Check.That(model[key] < 0 || model[key] == value);
        }

        int listed = 0;
        foreach ((int key, int value) in table)
        {
            Check.Equal(model[key / 65_536], value);
            listed++;
        }

        Check.Equal(count, listed);
        table.TrimExcess();
        Check.Equal(count, table.Count);
        table.Clear();
        Check.That(table.Count == 0 && !table.ContainsKey(0));
    }

    private static void A_dictionary_uses_its_comparer()
    {
        Dictionary<string, int> table = new(new FirstLetter());
        table["apple"] = 1;
        table["avocado"] = 2;
        table["banana"] = 3;
        Check.Equal(2, table.Count);
        Check.Equal(2, table["almond"]);
        Check.That(!table.ContainsKey("cherry"));
        Check.That(table.ContainsValue(3));
    }

    private static void A_dictionary_lists_pairs_in_order()
    {
        Dictionary<string, int> table = new() { ["x"] = 1, ["y"] = 2, ["z"] = 3 };
        string keys = "";
        foreach (string key in table.Keys)
        {
            keys += key;
        }

        int sum = 0;
        foreach (int value in table.Values)
        {
            sum = sum * 10 + value;
        }

        Check.Equal("xyz", keys);
        Check.Equal(123, sum);
        ref int place = ref CollectionsMarshal.GetValueRefOrAddDefault(table, "y", out bool exists);
        Check.That(exists);
        place = 20;
        Check.Equal(20, table["y"]);
    }

    private static void A_dictionary_may_lose_keys_while_listed()
    {
        Dictionary<int, int> table = new();
        for (int i = 0; i < 100; i++)
        {
            table.Add(i, i);
        }

        foreach (KeyValuePair<int, int> pair in table)
        {
            if (pair.Key % 2 == 0)
            {
                table.Remove(pair.Key);
            }
        }

        Check.Equal(50, table.Count);
        for (int i = 0; i < 100; i += 2)
        {
            table.Add(i, -i); // takes the places of the removed ones
        }

        Check.Equal(100, table.Count);
        Check.Equal(-98, table[98]);
        Check.Equal(99, table[99]);
    }

    private static void A_set_holds_each_member_once()
    {
        HashSet<string> set = new();
        Check.That(set.Add("a") && set.Add("b") && !set.Add("a"));
        Check.Equal(2, set.Count);
        set.UnionWith(new string[] { "b", "c", "d" });
        set.ExceptWith(new string[] { "a" });
        Check.That(set.Contains("d") && !set.Contains("a"));
        Check.Equal(1, set.RemoveWhere(static item => item == "c"));
        string[] rest = new string[2];
        set.CopyTo(rest);
        Array.Sort(rest, string.CompareOrdinal);
        Check.Equal("b,d", string.Join(',', rest));
    }

    private static void A_queue_keeps_the_order_across_its_end()
    {
        Queue<int> queue = new();
        int next = 0;
        int expected = 0;
        for (int round = 1; round < 60; round++)
        {
            for (int i = 0; i < round; i++)
            {
                queue.Enqueue(next++);
            }

            for (int i = 0; i < round - (round % 3 == 0 ? 1 : 0); i++)
            {
                Check.Equal(expected, queue.Peek());
                Check.Equal(expected++, queue.Dequeue());
            }
        }

        Check.Equal(next - expected, queue.Count);
        int[] rest = queue.ToArray();
        int index = 0;
        foreach (int item in queue)
        {
            Check.Equal(expected + index, item);
            Check.Equal(item, rest[index++]);
        }

        queue.Clear();
        Check.That(!queue.TryDequeue(out _) && !queue.TryPeek(out _));
    }

    private static void A_stack_returns_the_last_first()
    {
        Stack<string> stack = new();
        for (int i = 0; i < 20; i++)
        {
            stack.Push(i.ToString());
        }

        Check.Equal("19", stack.Peek());
        Check.Equal("19", stack.Pop());
        Check.Equal("18 17", string.Join(' ', stack.ToArray()[..2]));
        int count = 0;
        foreach (string item in stack)
        {
            Check.Equal((18 - count++).ToString(), item);
        }

        Check.Equal(19, count);
        stack.Clear();
        Check.That(!stack.TryPop(out _));
    }

    private static void A_priority_queue_returns_the_least_first()
    {
        PriorityQueue<int, int> queue = new();
        int[] sorted = new int[500];
        uint random = 3;
        for (int i = 0; i < sorted.Length; i++)
        {
            random = Next(random);
            sorted[i] = (int)(random % 1000);
            queue.Enqueue(-sorted[i], sorted[i]);
        }

        for (int i = 0; i < 100; i++)
        {
            Check.That(queue.Remove(-sorted[i], out int element, out int priority) && element == -priority);
        }

        Array.Sort(sorted, 100, 400);
        for (int i = 100; i < sorted.Length; i++)
        {
            Check.That(queue.TryDequeue(out int element, out int priority));
            Check.Equal(sorted[i], priority);
            Check.Equal(-sorted[i], element);
        }

        Check.That(!queue.TryPeek(out _, out _));
    }

    private static void Collections_can_be_listed_through_interfaces()
    {
        IReadOnlyCollection<int>[] all =
        [
            new List<int> { 1, 2, 3 }, new Queue<int>(), new Stack<int>(), new HashSet<int> { 1, 2, 3 },
            new[] { 1, 2, 3 },
        ];
        ((Queue<int>)all[1]).Enqueue(6);
        ((Stack<int>)all[2]).Push(6);
        foreach (IReadOnlyCollection<int> one in all)
        {
            int sum = 0;
            foreach (int item in one)
            {
                sum += item;
            }

            Check.Equal(6, sum);
            Check.That(one.Count is 1 or 3);
        }

        List<int> copy = new(all[3]);
        Check.Equal(3, copy.Count);
    }

    // xorshift32; Marsaglia 2003.
    private static uint Next(uint random)
    {
        random ^= random << 13;
        random ^= random >> 17;
        random ^= random << 5;
        return random;
    }

    private sealed class FirstLetter : IEqualityComparer<string>
    {
        public bool Equals(string? left, string? right) => left![0] == right![0];

        public int GetHashCode(string text) => text[0];
    }
}
