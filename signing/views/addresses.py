"""Who sends a request, as far as that can be known: what limits count by."""

from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

IPV6_PREFIX = 64  # what one household or machine has at the least


def client_address(request: HttpRequest) -> str:
    """What limits count by: the nearest address, of IPv6 its network."""
    return _network_of(nearest_address(request))


def nearest_address(request: HttpRequest) -> str:
    """The nearest address that is not one of TRUSTED_PROXIES; empty when it came through a socket of this machine.

    X-Forwarded-For is believed from right to left, and only as far as trusted proxies have written it: what stands
    further left anyone can make up.
    """
    address = request.META.get("REMOTE_ADDR", "")
    forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    while forwarded and _is_trusted(address):
        address = forwarded.pop()
    return address


def _is_trusted(address: str) -> bool:
    """Without an address it came through a socket of this machine, as from a proxy on it."""
    if not address:
        return bool(settings.TRUSTED_PROXIES)
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    return any(parsed in network for network in settings.TRUSTED_PROXIES)


def _network_of(address: str) -> str:
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if not isinstance(parsed, IPv6Address):
        return address
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ip_network((parsed, IPV6_PREFIX), strict=False))
