# packages: python3
mkdir tests; : > tests/__init__.py
cat > stack.py << 'END'
class Stack:
    def __init__(self): self._items = []
    def push(self, x): self._items.append(x)
    def pop(self):
        if not self._items: raise IndexError("empty")
        return self._items.pop()
    def __len__(self): return len(self._items)
END
cat > tests/test_stack.py << 'END'
import unittest, tempfile, os, time, unittest.mock as mock
from stack import Stack
class StackTest(unittest.TestCase):
    def setUp(self): self.s = Stack()
    def test_push_and_pop(self): self.s.push(1); self.assertEqual(self.s.pop(), 1)
    def test_empty(self):
        with self.assertRaisesRegex(IndexError, "empty"): self.s.pop()
    def test_len(self):
        for n in range(5):
            with self.subTest(n=n): self.s.push(n); self.assertEqual(len(self.s), n + 1)
    @unittest.skip("shown as skipped")
    def test_skipped(self): pass
    @unittest.expectedFailure
    def test_expected(self): self.assertTrue(False)
    def test_files(self):
        with tempfile.TemporaryDirectory() as d, open(os.path.join(d, "f"), "w+") as f: f.write("x"); f.seek(0); self.assertEqual(f.read(), "x")
        self.assertFalse(os.path.exists(d))
    def test_mock(self):
        with mock.patch("time.time", return_value=5): self.assertEqual(time.time(), 5)
class Failing(unittest.TestCase):
    def test_that_fails(self): self.assertEqual([1, 2], [1, 3])
END
python3 -m unittest -v tests.test_stack 2>&1 | sed 's/in [0-9.]*s/in TIME/; s/"[^"]*\/\(tests\|stack\)/"\1/'
echo "status ${PIPESTATUS[0]}"
