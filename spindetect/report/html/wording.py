"""What the report calls things: kinds, numbers, counts, probabilities in words."""

from __future__ import annotations

MINUS = "\N{MINUS SIGN}"


def percent(share: float, digits: int = 1) -> str:
    """A probability or share in per cent that never claims more than is known.

    >>> percent(0.999996), percent(0.5), percent(1.0), percent(0.00001)
    ('over 99.9%', '50.0%', '100%', 'under 0.1%')
    """
    return f"{bounded(100.0 * share, digits)}%"


def bounded(value: float, digits: int = 1) -> str:
    """A number of 0 to 100, rounded; what isn't quite 0 or 100 is never written as if it were.

    >>> bounded(99.9996), bounded(31.55), bounded(100.0)
    ('over 99.9', '31.6', '100')
    """
    step = 10.0**-digits
    if value in (0.0, 100.0):
        return f"{value:.0f}"
    if value > 100.0 - step / 2:
        return f"over {100.0 - step:.{digits}f}"
    if value < step / 2:
        return f"under {step:.{digits}f}"
    return f"{value:.{digits}f}"


def signed(nats: float, digits: int = 2) -> str:
    """A number with its sign, a real minus; what rounds to zero has none.

    >>> signed(0.154), signed(-1.5), signed(-0.001)
    ('+0.15', '−1.50', '0.00')
    """
    text = f"{abs(nats):.{digits}f}"
    if not float(text):
        return text
    return f"{'+' if nats > 0 else MINUS}{text}"
