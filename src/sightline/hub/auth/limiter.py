"""How often a password may be tried: a pure object, told the time."""

from __future__ import annotations

from collections import OrderedDict
from ipaddress import IPv4Address, IPv6Network, ip_address

_FREE = 5  # failures that cost nothing
_FIRST_S = 2.0
_LONGEST_S = 900.0
_FORGET_S = 3600.0
_MOST = 10_000  # keys that are remembered, the newest


def neighbourhood(remote: str) -> str:
    """What one who guesses may change of his address at will is left out of it (IPv6: half)."""
    try:
        address = ip_address(remote)
    except ValueError:
        return remote
    if isinstance(address, IPv4Address) or address.ipv4_mapped:
        return remote
    return str(IPv6Network((int(address) >> 64 << 64, 64)))


class Limiter:
    """After some failures each further one doubles the wait, by name and by address alike."""

    def __init__(self) -> None:
        self._failures: OrderedDict[str, tuple[int, float]] = OrderedDict()

    def wait_s(self, keys: tuple[str, ...], now_s: float) -> float:
        """How long until the next try; 0 where it may be made now."""
        return max((self._of(key, now_s) for key in keys), default=0.0)

    def failed(self, keys: tuple[str, ...], now_s: float) -> None:
        """A try failed."""
        for key in keys:
            count, last_s = self._failures.pop(key, (0, now_s))
            count = 0 if now_s - last_s > _FORGET_S else count
            self._failures[key] = (count + 1, now_s)
        while len(self._failures) > _MOST:
            self._failures.popitem(last=False)

    def passed(self, keys: tuple[str, ...]) -> None:
        """A try was right."""
        for key in keys:
            self._failures.pop(key, None)

    def _of(self, key: str, now_s: float) -> float:
        count, last_s = self._failures.get(key, (0, 0.0))
        if count <= _FREE:
            return 0.0
        pause = min(_FIRST_S * 2.0 ** min(count - _FREE - 1, 20), _LONGEST_S)
        return max(0.0, last_s + pause - now_s)
