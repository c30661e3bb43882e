"""Units of measure and money, converted to one base unit for each dimension.

Money is never converted: 380 billion RMB is not $380 billion, whatever the rate. A word with two
meanings ("pounds", "m", "¥") has both readings.
"""

from __future__ import annotations

from typing import Final

__all__ = ["CURRENCY_AFTER", "CURRENCY_BEFORE", "UNITS", "Unit"]

# A dimension ("money:USD", "length", "percent") and the factor to its base unit.
Unit = tuple[str, float]


def _money(code: str) -> Unit:
    return (f"money:{code}", 1.0)


CURRENCY_BEFORE: Final[dict[str, tuple[Unit, ...]]] = {
    "us$": (_money("USD"),), "usd": (_money("USD"),), "$": (_money("USD"),),
    "€": (_money("EUR"),), "eur": (_money("EUR"),),
    "£": (_money("GBP"),), "gbp": (_money("GBP"),),
    "¥": (_money("JPY"), _money("CNY")), "jpy": (_money("JPY"),), "cny": (_money("CNY"),),
    "rmb": (_money("CNY"),), "hk$": (_money("HKD"),), "a$": (_money("AUD"),),
    "c$": (_money("CAD"),), "ca$": (_money("CAD"),), "nt$": (_money("TWD"),),
    "s$": (_money("SGD"),), "₹": (_money("INR"),), "rs": (_money("INR"),),
    "inr": (_money("INR"),), "chf": (_money("CHF"),), "₩": (_money("KRW"),),
    "krw": (_money("KRW"),), "₽": (_money("RUB"),), "r$": (_money("BRL"),),
}  # fmt: skip

CURRENCY_AFTER: Final[dict[str, tuple[Unit, ...]]] = {
    "dollar": (_money("USD"),), "usd": (_money("USD"),), "buck": (_money("USD"),),
    "cent": (("money:USD", 0.01), ("money:EUR", 0.01)),
    "euro": (_money("EUR"),), "eur": (_money("EUR"),), "€": (_money("EUR"),),
    "pound": (_money("GBP"), ("mass", 453.592)), "gbp": (_money("GBP"),),
    "pence": (("money:GBP", 0.01),), "p": (("money:GBP", 0.01),),
    "yuan": (_money("CNY"),), "renminbi": (_money("CNY"),),
    "rmb": (_money("CNY"),), "cny": (_money("CNY"),), "yen": (_money("JPY"),),
    "jpy": (_money("JPY"),), "rupee": (_money("INR"),),
    "franc": (_money("CHF"), _money("FRF")), "chf": (_money("CHF"),), "rouble": (_money("RUB"),),
    "ruble": (_money("RUB"),), "peso": (_money("MXN"),),
    "krona": (_money("SEK"),), "kroner": (_money("NOK"), _money("DKK")), "lira": (_money("TRY"),),
    "reai": (_money("BRL"),), "riyal": (_money("SAR"), _money("QAR")), "koruna": (_money("CZK"),),
    "shekel": (_money("ILS"),),
}  # fmt: skip

_LENGTH: Final = {
    "mm": 1e-3, "millimetre": 1e-3, "millimeter": 1e-3, "cm": 1e-2, "centimetre": 1e-2,
    "centimeter": 1e-2, "m": 1.0, "metre": 1.0, "meter": 1.0, "km": 1e3, "kilometre": 1e3,
    "kilometer": 1e3, "mile": 1609.344, "mi": 1609.344, "foot": 0.3048, "feet": 0.3048,
    "ft": 0.3048, "inch": 0.0254, "inches": 0.0254, "yard": 0.9144, "nm": 1e-9, "nanometre": 1e-9,
    "nanometer": 1e-9,
}  # fmt: skip
_MASS: Final = {
    "mg": 1e-3, "milligram": 1e-3, "g": 1.0, "gram": 1.0, "kg": 1e3, "kilogram": 1e3, "kilo": 1e3,
    "tonne": 1e6, "ton": 1e6, "lb": 453.592, "lbs": 453.592, "ounce": 28.3495, "oz": 28.3495,
}  # fmt: skip
_DAYS: Final = {
    "second": 1 / 86400, "sec": 1 / 86400, "minute": 1 / 1440, "min": 1 / 1440, "hour": 1 / 24,
    "hr": 1 / 24, "day": 1.0, "week": 7.0, "fortnight": 14.0, "month": 365.25 / 12,
    "quarter": 365.25 / 4, "year": 365.25, "yr": 365.25, "decade": 3652.5, "century": 36525.0,
    "centuries": 36525.0,
}  # fmt: skip
_POWER: Final = {
    "w": 1.0, "watt": 1.0, "kw": 1e3, "kilowatt": 1e3, "mw": 1e6, "megawatt": 1e6, "gw": 1e9,
    "gigawatt": 1e9,
}  # fmt: skip
_FURTHER: Final[dict[str, Unit]] = {
    "%": ("percent", 1.0), "percent": ("percent", 1.0), "pct": ("percent", 1.0),
    "kwh": ("energy", 1e3), "mwh": ("energy", 1e6), "gwh": ("energy", 1e9), "twh": ("energy", 1e12),
    "°c": ("celsius", 1.0), "celsius": ("celsius", 1.0), "°f": ("fahrenheit", 1.0),
    "fahrenheit": ("fahrenheit", 1.0), "kb": ("bytes", 1e3), "mb": ("bytes", 1e6),
    "gb": ("bytes", 1e9), "tb": ("bytes", 1e12),
    "mph": ("speed", 1.609344), "km/h": ("speed", 1.0),
    "kmh": ("speed", 1.0), "kph": ("speed", 1.0), "knot": ("speed", 1.852),
    "hectare": ("area", 1e4), "sqm": ("area", 1.0), "sqkm": ("area", 1e6),
    "acre": ("area", 4046.86),
    "litre": ("volume", 1.0), "liter": ("volume", 1.0), "millilitre": ("volume", 1e-3),
    "milliliter": ("volume", 1e-3), "ml": ("volume", 1e-3), "cl": ("volume", 1e-2),
    "pint": ("pint", 1.0), "barrel": ("barrel", 1.0), "decibel": ("decibel", 1.0),
    "db": ("decibel", 1.0), "kcal": ("calories", 1e3), "calorie": ("calories", 1e3),
    "hz": ("frequency", 1.0), "hertz": ("frequency", 1.0), "khz": ("frequency", 1e3),
    "mhz": ("frequency", 1e6), "ghz": ("frequency", 1e9), "volt": ("voltage", 1.0),
    "kilovolt": ("voltage", 1e3), "horsepower": ("power", 745.7), "hp": ("power", 745.7),
    "gallon": ("gallon", 1.0),
    "m²": ("area", 1.0), "km²": ("area", 1e6), "m³": ("volume", 1e3),
    "square metre": ("area", 1.0), "square meter": ("area", 1.0), "square kilometre": ("area", 1e6),
    "square kilometer": ("area", 1e6), "square mile": ("area", 1609.344**2),
    "square foot": ("area", 0.3048**2), "square feet": ("area", 0.3048**2),
    "square yard": ("area", 0.9144**2), "cubic metre": ("volume", 1e3),
    "cubic meter": ("volume", 1e3), "cubic feet": ("volume", 28.316847),
    "cubic kilometre": ("volume", 1e12), "cubic kilometer": ("volume", 1e12),
}  # fmt: skip

UNITS: Final[dict[str, tuple[Unit, ...]]] = {
    **{name: (("length", factor),) for name, factor in _LENGTH.items()},
    **{name: (("mass", factor),) for name, factor in _MASS.items()},
    **{name: (("time", factor),) for name, factor in _DAYS.items()},
    **{name: (("power", factor),) for name, factor in _POWER.items()},
    **{name: (unit,) for name, unit in _FURTHER.items()},
}
