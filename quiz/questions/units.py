"""Units as people write them, with their multiples: what can be converted into what, exactly."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from quiz.questions.words import normal, singular


class Unit(NamedTuple):
    """A unit. Two with the same `dimension` are converted by `factor` and, for temperatures, by where `zero` lies."""

    dimension: tuple[str, ...]
    factor: Fraction = Fraction(1)
    zero: Fraction = Fraction(0)

    def base(self, value: Fraction) -> Fraction:
        """Return a value in this unit in the base unit of its dimension."""
        return (value - self.zero) * self.factor

    def from_base(self, value: Fraction) -> Fraction:
        """Return a value in the base unit in this unit."""
        return value / self.factor + self.zero


# A dimension, its base unit (symbol, then names), and the prefixes in use.
_SI = """
mass        g,gm,gram,gramme                 k m µ n
volume      L,liter,litre                    d c m µ
time        s,sec,second                     m µ n
length      m,meter,metre                    k c m µ n
frequency   Hz,hertz                         k M G
voltage     V,volt                           k m µ M
current     A,amp,ampere                     m µ
power       W,watt                           k m
energy      J,joule                          k m
dose        Gy,gray                          c m
equivalent  Sv,sievert                       m µ
resistance  Ω,ohm                            k M
pressure    Pa,pascal                        M k
amount      mol,mole                         m µ n
force       N,newton                         m k
"""
_OTHERS = """
time         60           min,mins,minute
time         3600         h,hr,hrs,hour
time         86400        d,day
time         604800       wk,wks,week
time         1209600      fortnight
months       1            mo,mos,mth,mths,month
months       12           y,yr,yrs,year
length       0.0254       in,inch,inches
length       0.3048       ft,foot,feet
area         0.000001     mm2,mm^2,sqmm
area         0.0001       cm2,cm^2,sqcm
area         1            m2,m^2
volume       0.000001     mm3,mm^3,cmm
volume       0.001        cc,ccs,cm3,cm^3
volume       1000         m3,m^3
mass         453.59237    lb,lbs,pound
mass         28.349523125 oz,ounce
pressure     133.322387415 mmHg
pressure     98.0665      cmH2O
pressure     100000       bar
pressure     101325       atm,atmosphere
part         0.01         %,percent,pct,percentage
part         0.001        ‰
part         0.000001     ppm
angle        1            °
resistance   1000         kohm
resistance   1000000      Mohm
gauge        1            G,ga,gauge
french       1            Fr,French,Ch
units        1            U,unit
iu           1            IU,internationalunit
"""
_PREFIXES = {
    "k": ("kilo", "1000"),
    "M": ("mega", "1000000"),
    "G": ("giga", "1000000000"),
    "d": ("deci", "0.1"),
    "c": ("centi", "0.01"),
    "m": ("milli", "0.001"),
    "µ": ("micro", "0.000001"),
    "n": ("nano", "0.000000001"),
}
_MICRO = "μ", "u", "mc"  # the Greek letter, which is also what becomes of the micro sign
_TEMPERATURES = {
    "C": Unit(("temperature",)),
    "F": Unit(("temperature",), Fraction(5, 9), Fraction(32)),
    "K": Unit(("temperature",), zero=Fraction("273.15")),
}
_DEGREES = re.compile(r"(?:°|\bdeg(?:rees?)?\b\.?) ?(?:of )?", re.IGNORECASE)
_PER = re.compile(r" ?/ ?|(?:^| )per(?: |$)", re.IGNORECASE)
ANGLE = Unit(("angle",))
BARE = Unit(())


def _built() -> tuple[dict[str, Unit], dict[str, Unit]]:
    """Return the units by symbol, where case matters (MV, mV), and by their names and symbols in lower case."""
    exact: dict[str, Unit] = {f"°{letter}": unit for letter, unit in _TEMPERATURES.items()} | _TEMPERATURES
    lower: dict[str, Unit] = {
        "celsius": _TEMPERATURES["C"],
        "centigrade": _TEMPERATURES["C"],
        "fahrenheit": _TEMPERATURES["F"],
        "kelvin": _TEMPERATURES["K"],
    }
    lower |= {f"°{name}": unit for name, unit in lower.items()}
    for line in _SI.strip().splitlines():
        dimension, written, *prefixes = line.split()
        symbol, *names = written.split(",")
        exact[symbol] = Unit((dimension,))
        lower |= dict.fromkeys(names, exact[symbol])
        for prefix in prefixes:
            word, factor = _PREFIXES[prefix]
            unit = Unit((dimension,), Fraction(factor))
            exact |= {f"{sign}{symbol}": unit for sign in (_MICRO if prefix == "µ" else (prefix,))}
            lower |= {f"{word}{name}": unit for name in names}
    for line in _OTHERS.strip().splitlines():
        dimension, factor, written = line.split()
        unit = Unit((dimension,), Fraction(factor))
        symbol, *names = written.split(",")
        exact[symbol] = unit
        lower |= {name.lower(): unit for name in names}
    for symbol, unit in exact.items():
        if symbol != "K":  # 80 k is eighty thousand to most
            lower.setdefault(symbol.lower(), unit)
    return exact, lower


_EXACT, _LOWER = _built()


@lru_cache(256)
def unit(text: str) -> Unit:
    """Return the unit that an undressed text means. One that is not known is a dimension of its own, by its words."""
    bare = _DEGREES.sub("°", text.strip(" .")).strip()
    known = _known(bare)
    if known:
        return known
    above, *below = _PER.split(bare)
    if not below:
        return Unit(tuple(singular(word) for word in normal(bare)))
    factor, dimension = Fraction(1), []
    for number, part in enumerate((above, *below)):
        one = unit(part) if part.strip() else BARE
        factor = factor / one.factor if number else one.factor
        dimension += [*(["per"] if number else []), *one.dimension]
    return Unit(tuple(dimension), factor)


def known(text: str) -> bool:
    """Whether a text is one of the units that are known by name, or made of some (`mg/kg`)."""
    bare = _DEGREES.sub("°", text.strip(" .")).strip()
    return all(_known(part) for part in _PER.split(bare))


def _known(bare: str) -> Unit | None:
    joined = bare.replace(" ", "")
    small = joined.lower()
    found = _EXACT.get(joined) or _LOWER.get(small)
    if found is None and len(small) > 3 and small.endswith("s"):
        found = _LOWER.get(small[:-1])
    return found
