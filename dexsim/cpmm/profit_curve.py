"""The profit of a sandwich over the real numbers: where it peaks, and where it reaches a level.

Derived from x*y = k with g = 1 - fee, pool (X, Y), victim input v. The front-run a takes
o = Y*g*a/(X + g*a); the victim then takes its output; selling o back pays, less the input,

    P(a) = a*(alpha*a + beta) / (g^2*a^2 + delta*a + X^2)
    alpha = g^2*(X+v) - X,  beta = g^2*(X+g*v)*(X+v) - X^2,  delta = X + g^2*X + g^3*v

in which Y cancels. "P >= level" is a quadratic inequality that fails at a = 0, so the inputs that
reach a positive level are one interval: this needs no assumption of unimodality. All numbers
here are integers: the coefficients are scaled by the cube of the fee's denominator, and
square roots are rounded outwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isqrt


@dataclass(frozen=True, slots=True)
class ProfitCurve:
    """P(a) = a*(up2*a + up1) / (down2*a^2 + down1*a + down0); the denominator is positive."""

    up2: int
    up1: int
    down2: int
    down1: int
    down0: int

    @classmethod
    def of(cls, victim_in: int, reserve_in: int, n: int, d: int) -> ProfitCurve:
        """The curve of a victim in a pool whose 1 - fee is n/d. It does not depend on Y."""
        x, after = reserve_in, reserve_in + victim_in
        return cls(
            up2=d * (n * n * after - d * d * x),
            up1=n * n * (x * d + n * victim_in) * after - d**3 * x * x,
            down2=n * n * d,
            down1=d * (d * d + n * n) * x + n**3 * victim_in,
            down0=d**3 * x * x,
        )

    def peak(self) -> int | None:
        """The input of greatest profit, rounded down; 0: none gains; None: more is always better.

        P' has the sign of -A*a^2 + 2*alpha*X^2*a + beta*X^2 with A = beta*g^2 - alpha*delta. A is
        positive while v/X < (1+g)/g^2, and then P rises to one maximum and falls; for a larger
        victim, or without a fee, it rises for ever. Where P rises it is concave.
        """
        if self.up1 <= 0:
            return 0
        curvature = self.up1 * self.down2 - self.up2 * self.down1
        if curvature <= 0:
            return None
        half = self.up2 * self.down0
        return (half + isqrt(half * half + curvature * self.up1 * self.down0)) // curvature

    def at_least(self, level: int) -> tuple[int, int | None] | None:
        """The inputs with P >= level > 0, as an interval that contains all of them.

        The ends are rounded outwards to integers. An upper end of None: no end. None: no input.
        """
        square = self.up2 - level * self.down2
        linear = self.up1 - level * self.down1
        constant = level * self.down0
        discriminant = linear * linear + 4 * square * constant
        if discriminant < 0 or (square <= 0 and linear <= 0):
            return None
        root = isqrt(discriminant)
        if square == 0:
            return constant // linear, None
        if square > 0:
            return (root - linear) // (2 * square), None
        return (linear - root - 1) // (-2 * square), (linear + root) // (-2 * square) + 1
