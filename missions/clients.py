"""From where a request comes: what locks and limits count by."""

from ipaddress import IPv6Network, ip_address

from django.conf import settings

NOWHERE = "::"  # a server behind a socket knows no address


def client_address(request):
    """Return the address that asks: of IPv6 the network, because a single customer has all addresses of one.

    Behind a proxy it is the last that the proxy named; what else the header holds is anybody's word.
    """
    named = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        named = request.META.get("HTTP_X_FORWARDED_FOR", named).rpartition(",")[2].strip()
    try:
        address = ip_address(named)
    except ValueError:
        return NOWHERE
    address = getattr(address, "ipv4_mapped", None) or address
    return str(address if address.version == 4 else IPv6Network((int(address), 64), strict=False).network_address)
