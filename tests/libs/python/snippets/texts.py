# --- formatting
x, name = 3.14159, "net"
result = [
    f"{x:.2f}",
    f"{x!r}",
    f"{name:>6}|",
    f"{name!r:^9}",
    f"{10:04d}",
    f"{255:#x}",
    f"{1234567:,}",
    f"{0.5:%}",
    f"{x:{4}.{2}}",
    "{} {}".format(1, "a"),
    "{1} {0}".format(1, 2),
    "{a[b]} {a[c]}".format(a={"b": 1, "c": 2}),
    "{0.real}".format(3),
    "{:>{w}}".format("a", w=3),
    "{{}}".format(),
    "%s-%d-%.1f-%r" % ("a", 3, 2.55, "q"),
    "%(k)s" % {"k": 1},
    "%%" % (),
    "%5s|%-5s|%05d" % ("a", "b", 3),
    "%s" % [1, 2],
    "%s" % (None,),
    format(3, "b"),
    f"{True}",
    f"{None}",
    f"{[1, 'a']}",
    f"{x=}",
    "%x" % 255,
    "{:e}".format(12345.678),
]


# --- formatting of objects
class P:
    def __init__(self, x):
        self.x = x

    def __str__(self):
        return f"P{self.x}"

    def __repr__(self):
        return f"<P {self.x}>"

    def __format__(self, spec):
        return f"[{self.x}:{spec}]"


p = P(3)
result = [
    str(p),
    repr(p),
    f"{p!s}",
    f"{p!r}",
    f"{p:abc}",
    f"{[p]}",
    "{}".format(p),
    "%s %r" % (p, p),
    "{0.x}".format(p),
    str([p, {"k": p}]),
]
# --- errors of formatting
result = []
for make in (
    lambda: "{}".format(),
    lambda: "{a}".format(),
    lambda: "%d" % "a",
    lambda: f"{'a':d}",
    lambda: "%s %s" % (1,),
    lambda: "{".format(1),
    lambda: f"{[1]:d}",
):
    try:
        make()
    except Exception as error:
        result.append((type(error).__name__, str(error)))
# --- methods of texts
s = " Layer1.conv "
result = [
    s.strip(),
    s.split("."),
    s.lower(),
    s.upper(),
    s.replace("1", "22"),
    s.find("conv"),
    s.count("n"),
    "a,b,,c".split(","),
    "a b".split(),
    "a-b-c".rsplit("-", 1),
    "x".join(["a", "b"]),
    ",".join(str(i) for i in range(3)),
    "abc".startswith(("x", "a")),
    "abc".endswith("c"),
    "ab".center(6, "*"),
    "7".zfill(3),
    "ab".ljust(4) + "|",
    "a\tb".expandtabs(4),
    "Ab".swapcase(),
    "hello world".title(),
    "hello".capitalize(),
    "a1".isalnum(),
    "12".isdigit(),
    "a\nb".splitlines(),
    "k=v".partition("="),
    "k=v=w".rpartition("="),
    "prefix_x".removeprefix("prefix_"),
    "x.py".removesuffix(".py"),
    "abc".translate({97: "z"}),
    "abc".translate(str.maketrans("ab", "xy")),
    "é".encode("utf-8"),
    b"ab".decode(),
    "%s" % b"a",
    "abc"[::-1],
    "a" * 3,
    "b" in "abc",
    str.upper("q"),
    "".join(reversed("abc")),
    b"ab".hex(),
    "ß".casefold(),
    bytes.fromhex("00ff"),
    "{k}".format_map({"k": 4}),
    "abc".index("c"),
    "aXbX".rfind("X"),
]
# --- errors of text methods
result = []
for make in (
    lambda: ",".join([1]),
    lambda: ",".join(["a", None]),
    lambda: "a".split(""),
    lambda: "abc".index("z"),
    lambda: "a".center("b"),
    lambda: "a".foo,
):
    try:
        make()
    except Exception as error:
        result.append((type(error).__name__, str(error)))
