"""Units of measure and money: what the same quantity is in another unit.

Factors are those of the International System and of the US customary and imperial units (NIST SP 811, appendix B).
"""

from __future__ import annotations

from typing import Literal, NamedTuple

Dimension = Literal[
    "length", "area", "volume", "mass", "speed", "temperature", "pressure", "power", "energy", "duration", "money"
]


class Unit(NamedTuple):
    """A unit, and how many of its dimension's base unit it is.

    ``least`` and ``most`` differ where a name stands for several units [ton, gallon, month], or where what it is
    worth changes from day to day (money). ``zero`` is where a temperature's scale begins.
    """

    name: str
    dimension: Dimension
    least: float
    most: float
    zero: float = 0.0


# Names in the singular, abbreviations after a bar; what ends in -metre or -litre is spelt -meter, -liter as well.
_LENGTHS = {
    "millimetre | mm": 0.001, "centimetre | cm cms": 0.01, "metre | m": 1.0, "kilometre | km kms klick": 1000.0,
    "inch | in ″": 0.0254, "foot | ft ′": 0.3048, "yard | yd yds": 0.9144, "mile | mi": 1609.344,
    "nautical-mile | nmi": 1852.0, "furlong |": 201.168, "fathom |": 1.8288, "league |": 4828.0,
}  # fmt: skip
_OTHERS: dict[Dimension, dict[str, float | tuple[float, float]]] = {
    "area": {"hectare | ha": 10_000.0, "acre |": 4046.856},
    "volume": {
        "millilitre | ml": 1e-6, "centilitre | cl": 1e-5, "litre | l": 0.001, "gallon | gal": (0.003785, 0.004546),
        "quart | qt": (0.000946, 0.001137), "pint | pt": (0.000473, 0.000568), "cup |": (0.000237, 0.00025),
        "fluid-ounce | fl-oz": (2.84e-5, 2.96e-5), "barrel | bbl": 0.158987, "bushel |": (0.03524, 0.03637),
        "tablespoon | tbsp": 1.5e-5, "teaspoon | tsp": 5e-6,
    },
    "mass": {
        "milligram | mg": 1e-6, "gram | g": 0.001, "gramme |": 0.001, "kilogram | kg kgs kilo kilos": 1.0,
        "kilogramme |": 1.0,
        "tonne |": 1000.0, "metric-ton |": 1000.0, "ton |": (907.18, 1016.05), "ounce | oz": 0.0283495,
        "pound | lb lbs": 0.453592, "stone | st": 6.35029,
    },
    "speed": {
        "mile-per-hour | mph": 0.44704, "kilometre-per-hour | km/h kmh kph kmph": 1 / 3.6, 
        "knot | kt kts": 0.514444,
        "metre-per-second | m/s": 1.0, "foot-per-second | ft/s fps": 0.3048,
    },
    "pressure": {"psi |": 6894.76, "pascal | pa": 1.0, "kilopascal | kpa": 1000.0, "hectopascal | hpa": 100.0,
                 "millibar | mb mbar": 100.0, "bar |": 100_000.0, "atmosphere | atm": 101_325.0},
    "power": {"watt | w": 1.0, "kilowatt | kw": 1000.0, "megawatt | mw": 1e6, "gigawatt | gw": 1e9,
              "horsepower | hp bhp": (735.5, 745.7)},
    "energy": {"joule | j": 1.0, "kilojoule | kj": 1000.0, "megajoule | mj": 1e6, "calorie | cal kcal": 4184.0,
               "kilocalorie |": 4184.0, "kilowatt-hour | kwh": 3.6e6, "megawatt-hour | mwh": 3.6e9,
               "british-thermal-unit | btu": 1055.06},
    "duration": {
        "second | sec secs": 1.0, "minute | min mins": 60.0, "hour | hr hrs": 3600.0, "day |": 86_400.0,
        "week | wk wks": 604_800.0, "fortnight |": 1_209_600.0, "month |": (2_419_200.0, 2_678_400.0),
        "year | yr yrs": (31_104_000.0, 31_622_400.0), "decade |": (311_040_000.0, 315_576_000.0),
        "century |": (3_110_400_000.0, 3_155_760_000.0),
    },
    # Highest and lowest price in US dollars since 2000, by the central banks' reference rates, rounded outwards.
    "money": {
        "dollar | $ us$ usd us-dollar american-dollar": 1.0, "euro | € eur": (0.82, 1.61),
        "pound | £ gbp pound-sterling sterling": (1.03, 2.12), "yen | ¥ jp¥ jpy": (0.006, 0.0134),
        "yuan | ¥ cn¥ cny rmb renminbi": (0.119, 0.166), "rupee | ₹ rs inr": (0.011, 0.0257),
        "swiss-franc | franc francs chf sfr": (0.54, 1.38), "canadian-dollar | c$ ca$ cad": (0.61, 1.1),
        "australian-dollar | a$ au$ aud": (0.47, 1.11), "new-zealand-dollar | nz$ nzd": (0.38, 0.9),
        "hong-kong-dollar | hk$ hkd": (0.126, 0.13), "singapore-dollar | s$ sgd": (0.53, 0.85),
        "rouble | ₽ rub": (0.007, 0.045), "ruble |": (0.007, 0.045), "won | ₩ krw": (0.0006, 0.0012),
        "krona | sek": (0.088, 0.17), "krone | nok dkk": (0.085, 0.22), "rand | zar": (0.05, 0.18),
        "real | r$ brl": (0.16, 0.66), 
        "mexican-peso | peso pesos mx$ mxn": (0.039, 0.115),
        
        "shekel | ₪ nis ils": (0.2, 0.33), "zloty | pln": (0.2, 0.5), "naira | ₦ ngn": (0.0005, 0.011),
        "turkish-lira | lira liras try": (0.02, 0.9),
    },
}  # fmt: skip
# Kelvins, and the zero of each scale.
_TEMPERATURES = {
    "celsius": (1.0, 0.0, "°c ℃ c celsius centigrade degree-celsius degree-centigrade degree-c deg-c"),
    "fahrenheit": (5 / 9, 32.0, "°f ℉ f fahrenheit degree-fahrenheit degree-f deg-f"),
    "kelvin": (1.0, 273.15, "k kelvin kelvins"),
}
_IRREGULAR = {"foot": "feet", "inch": "inches", "stone": "stone", "century": "centuries", "yen": "yen",
              "yuan": "yuan", "won": "won", "rand": "rand", "krona": "kronor", "krone": "kroner", "real": "reais",
              "horsepower": "horsepower", "psi": "psi"}  # fmt: skip


def _spellings(name: str) -> set[str]:
    """A name in the singular and the plural, with -meter for -metre; words are joined by hyphens."""
    head, _, rest = name.partition("-per-") if "-per-" in name else (name, "", "")
    stem, _, last = head.rpartition("-")
    plural = _IRREGULAR.get(last, last + "s")
    heads = {f"{stem}-{one}" if stem else one for one in (last, plural)}
    found = {f"{one}-{link}-{rest}" if rest else one for one in heads for link in ("per", "an", "a")}
    return found | {one.replace("metre", "meter").replace("litre", "liter") for one in found}


def _table() -> dict[str, tuple[Unit, ...]]:
    """All units by every spelling: lower-case, words joined by hyphens."""
    found: dict[str, list[Unit]] = {}

    def put(unit: Unit, spellings: set[str]) -> None:
        for spelling in spellings:
            found.setdefault(spelling, []).append(unit)

    for entry, metres in _LENGTHS.items():
        name, short = entry.split(" |")
        put(Unit(name, "length", metres, metres), _spellings(name) | set(short.split()))
        powers: tuple[tuple[Dimension, str, str, str, int], ...] = (
            ("area", "square", "sq", "²", 2), ("volume", "cubic", "cu", "³", 3)
        )  # fmt: skip
        for dimension, long, brief, sign, power in powers:
            spelled = {f"{long}-{one}" for one in _spellings(name)} | {f"{brief}-{one}" for one in _spellings(name)}
            for letters in filter(str.isalpha, short.split()):
                spelled |= {f"{brief}-{letters}", f"{letters}{sign}"}
            put(Unit(f"{long}-{name}", dimension, metres**power, metres**power), spelled)
    for dimension, units in _OTHERS.items():
        for entry, worth in units.items():
            name, short = entry.split(" |")
            least, most = worth if isinstance(worth, tuple) else (worth, worth)
            put(Unit(name, dimension, least, most), _spellings(name) | set(short.split()))
    for name, (kelvins, zero, spelled_as) in _TEMPERATURES.items():
        unit = Unit(name, "temperature", kelvins, kelvins, zero)
        put(unit, {form for one in spelled_as.split() for form in (one, one.replace("degree-", "degrees-"))})
        put(unit, {"degree", "degrees", "°"} if name != "kelvin" else set())
    return {spelling: tuple(units) for spelling, units in found.items()}


UNITS: dict[str, tuple[Unit, ...]] = _table()
"""The units that a spelling may stand for; "pound" is a mass and a money."""
