"""Closed forms of claims about exchanges, to hold simulations against; pure arithmetic.

Rational results are exact Fractions where the arguments are exact; the others
are floats. Derived from x * y = k without a fee unless a function says otherwise.
"""
