"""How figures are printed, and held to their bars."""

from collections.abc import Mapping
from dataclasses import dataclass

from stage.visitors import Figures


@dataclass(frozen=True, slots=True)
class Bar:
    """What a figure is held to, in words, and whether it holds."""

    text: str
    held: bool

    def __str__(self) -> str:
        return f"{'held  ' if self.held else 'MISSED'}  {self.text}"


def at_least(name: str, value: float, bar: float) -> Bar:
    """Hold a figure to a lower bound."""
    return Bar(f"{name}: {value:.2f}, at least {bar:g}", value >= bar)


def at_most(name: str, value: float, bar: float) -> Bar:
    """Hold a figure to an upper bound."""
    return Bar(f"{name}: {value:.2f}, at most {bar:g}", value <= bar)


def table(
    title: str, crowd: Mapping[str, Figures], alone: Mapping[str, Figures], *, floor: str
) -> None:
    """Print what each target answered, beside the floor of the same run."""
    print(f"\n{title:<28}| 16 clients: /s  of floor    p50    p95    p99 | alone: /s    p50    p95")
    for name, many in crowd.items():
        one, share = alone[name], many.rate / crowd[floor].rate
        print(
            f"{name:<28}|{many.rate:>15.0f} {share:>9.2f} {many.p50:>6.1f} {many.p95:>6.1f} "
            f"{many.p99:>6.1f} |{one.rate:>10.0f} {one.p50:>6.2f} {one.p95:>6.2f}",
            flush=True,
        )


def verdict(bars: list[Bar]) -> int:
    """Print the bars, and return the exit status that goes with them."""
    print()
    for bar in bars:
        print(bar)
    return int(not all(bar.held for bar in bars))


def elsewhere(*lines: str) -> None:
    """Print what others take."""
    print("\nmeasured elsewhere, by us, on two cores; compare orders of magnitude only:")
    for line in lines:
        print(f"  {line}")
