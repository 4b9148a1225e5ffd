# packages: python3
python3 - << 'END'
import json, re, hashlib, collections, itertools, functools, decimal, fractions, datetime, math, statistics, textwrap
import base64, zlib, bz2, lzma, struct, random, string, pathlib, csv, io, dataclasses, enum, heapq, configparser, pickle
data = {"name": "cashew", "list": [1, 2.5, None, True], "nested": {"ü": "\u20ac"}}
text = json.dumps(data, sort_keys=True); print(text); assert json.loads(text) == data
print(collections.Counter("mississippi").most_common(2), list(itertools.combinations("abc", 2)))
print(functools.reduce(lambda a, b: a * b, range(1, 25)), decimal.Decimal(1) / 7, fractions.Fraction(3, 9), math.isqrt(10 ** 40))
print(re.sub(r"(\w+)@(\w+)", r"\2 at \1", "me@home"), datetime.datetime.fromtimestamp(0, datetime.timezone.utc).isoformat())
blob = bytes(range(256)) * 200
for codec in (zlib, bz2, lzma):
    assert codec.decompress(codec.compress(blob)) == blob
print(hashlib.sha256(blob).hexdigest()[:16], zlib.crc32(blob), base64.b85encode(b"hello").decode(), struct.pack("<IhQ", 1, -2, 3).hex())
random.seed(7); print([random.randint(0, 99) for _ in range(5)], statistics.median([3, 1, 2]))
@dataclasses.dataclass(order=True)
class Point:
    x: int
    y: int = 0
class Color(enum.Enum):
    RED = 1
print(sorted([Point(2), Point(1, 5)]), Color(1), pickle.loads(pickle.dumps(Point(3, 4))))
def gen():
    got = yield 1
    yield got * 2
g = gen(); next(g); print(g.send(21))
match {"kind": "circle", "r": 2}:
    case {"kind": "circle", "r": r}: print(f"{math.pi * r ** 2:.4f}")
p = pathlib.Path("a/b"); p.mkdir(parents=True); (p / "f.csv").write_text("x,y\n1,2\n"); print(list(csv.DictReader((p / "f.csv").open())))
print(sorted(str(q) for q in pathlib.Path(".").rglob("*")), 2 ** 200 % 10 ** 9, "ß".upper(), "%08.3f" % math.e)
try: 1 / 0
except ZeroDivisionError as e: print(type(e).__name__, e)
print(heapq.nsmallest(3, [5, 1, 4, 2]), sum(i * i for i in range(100000)), f"{1234567:,}", textwrap.shorten("many words are here", 12))
END
python3 -c 'import sys; sys.exit(3)'; echo $?; python3 -c 'raise SystemExit("message")' 2>&1; echo 'print(input()[::-1])' > r.py; echo abc | python3 r.py
python3 -m json.tool <<< '{"b":1,"a":[]}'; python3 -m compileall -q r.py && ls __pycache__ | sed 's/[0-9]*//g'; python3 -X utf8 -c 'print("é")'
