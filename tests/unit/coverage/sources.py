"""The contracts of the hand-counted table, by case and file. Lines count from 1."""

from __future__ import annotations


def _view(body: str, signature: str = "go(n: uint256) -> uint256") -> dict[str, str]:
    lines = "\n".join(f"    {line}" for line in body.strip("\n").split("\n"))
    return {"subject": f"@external\ndef {signature}:\n{lines}\n"}


SOURCES: dict[str, dict[str, str]] = {
    "if": _view("""
if n > 10:
    return 1
return 2
"""),
    "elif": _view("""
x: uint256 = 0
if n == 1:
    x = 1
elif n == 2:
    x = 2
else:
    x = 3
return x
"""),
    "nested": _view(
        """
x: uint256 = 0
if a:
    if b:
        x = 1
    x += 2
else:
    x = 3
return x
""",
        "go(a: bool, b: bool) -> uint256",
    ),
    "empty": _view("""
if n == 1:
    pass
elif n == 2:
    return 2
return 0
"""),
    "loop": _view("""
x: uint256 = 0
for i: uint256 in range(n, bound=10):
    x += i
return x
"""),
    "list": _view(
        """
x: uint256 = 0
for i: uint256 in many:
    x += i
return x
""",
        "go(many: DynArray[uint256, 5]) -> uint256",
    ),
    "fixed": _view(
        """
x: uint256 = 0
for i: uint256 in range(1):
    x += i
return x
""",
        "go() -> uint256",
    ),
    "break": _view("""
x: uint256 = 0
for i: uint256 in range(2):
    if i == n:
        break
    if n == 1:
        continue
    x += i
return x
"""),
    "early": _view("""
x: uint256 = 0
for i: uint256 in range(3):
    if i == n:
        return i
    x += i
return x
"""),
    "loops": _view(
        """
x: uint256 = 0
for i: uint256 in range(n, bound=5):
    for j: uint256 in range(m, bound=5):
        x += j
return x
""",
        "go(n: uint256, m: uint256) -> uint256",
    ),
    "twice": {
        "subject": """
@internal
def _f(n: uint256) -> uint256:
    if n > 10:
        return 1
    return n

@external
def go(n: uint256) -> uint256:
    return self._f(n) + self._f(n + 20)
"""
    },
    "bare": {
        "subject": """x: uint256

@internal
def _f(n: uint256):
    if n == 1:
        return
    self.x = n

@external
def go(n: uint256):
    self._f(n)
"""
    },
    "unused": {
        "subject": """@internal
def _f(n: uint256) -> uint256:
    if n == 1:
        return 2
    return 3

@external
def go() -> uint256:
    return 1
"""
    },
    "assert": _view("""
assert n != 0
assert n + 1 < 100, "too much"
x: uint256 = n
return x
"""),
    "unreachable": _view("""
assert n != 0, UNREACHABLE
return n
"""),
    "behind": {
        "subject": """@external
def go(n: uint256):
    assert n != 0
    pass
"""
    },
    "raise": _view("""
if n == 1:
    raise "one"
return n
"""),
    "ternary": _view("return 1 if c else 2", "go(c: bool) -> uint256"),
    "logic": _view(
        """
if n == 1 or m == 2 and n == 3:
    return 1
return 2
""",
        "go(n: uint256, m: uint256) -> uint256",
    ),
    "default": _view(
        """
if n == 7:
    return 1
return 2
""",
        "go(n: uint256 = 7) -> uint256",
    ),
    "getter": {
        "subject": """x: public(uint256)
many: public(HashMap[address, DynArray[uint256, 3]])
LIMIT: public(constant(uint256)) = 7

@external
def go():
    self.x = 1
"""
    },
    "lock": {
        "subject": """x: uint256
@external
@nonreentrant
def go():
    self.x = 1

@external
@nonreentrant
def again():
    extcall Same(self).go()

interface Same:
    def go(): nonpayable
"""
    },
    "pass": {
        "subject": """@external
def go():
    pass

@external
def other():
    pass
"""
    },
    "later": _view("""
assert n == 1
if n == 2:
    return n
return n
"""),
    "constant": {
        "subject": """LOUD: constant(bool) = False

@external
def go() -> uint256:
    x: uint256 = 1
    if LOUD:
        x = 2
    return x
"""
    },
    "constructor": {
        "subject": """x: uint256
I: immutable(uint256)

@deploy
def __init__(n: uint256):
    # nothing else
    assert n != 0, "none"
    I = self._most(n)

@internal
def _most(n: uint256) -> uint256:
    if n > 100: return 100
    return n
"""
    },
    "blueprint": {
        "subject": """x: public(uint256)

@deploy
def __init__(n: uint256):
    if n > 10:
        self.x = 10
    else:
        self.x = n
""",
        "maker": """@external
def make(blueprint: address, n: uint256) -> address:
    a: address = create_from_blueprint(blueprint, n)
    return a
""",
    },
    "modules": {
        "shared": """@internal
def low(n: uint256) -> uint256:
    if n == 0:
        return 7
    return n

@internal
def high(n: uint256) -> uint256:
    return n + 1
""",
        "first": """import shared

@external
def go(n: uint256) -> uint256:
    return shared.low(n)
""",
        "second": """import shared

@external
def go(n: uint256) -> uint256:
    return shared.high(n)
""",
    },
    "lines": _view(
        """
if (
    n == 1
    or n == 2
):
    return max(
        n,
        4,
    )
return 2
"""
    ),
}
