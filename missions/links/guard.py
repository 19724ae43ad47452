"""Which machines may be asked: only such as anyone can reach. A link must never make this host ask its neighbours."""

import ipaddress
import socket

NAT64 = ipaddress.ip_network("64:ff9b::/96")


class RefusedError(Exception):
    """An address that is not asked; the message says why."""


class UnknownHostError(Exception):
    """No such name."""


def is_public(address):
    """Tell whether an IP address is of the open internet; an IPv4 address within an IPv6 one is judged as itself."""
    if address.version == 6:
        if address in NAT64:
            return is_public(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
        if address.ipv4_mapped:
            return is_public(address.ipv4_mapped)
        if address.sixtofour or address.teredo or address.is_site_local:
            return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def lookup(host, port, allowed):
    """Return the IP addresses of a host. Raises `RefusedError` if one of them is not allowed, and `UnknownHostError`.

    Connect to what this returns, not to the name: a second look-up could be answered otherwise.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        if error.errno in (socket.EAI_NONAME, socket.EAI_NODATA):
            raise UnknownHostError from error
        raise
    addresses = [ipaddress.ip_address(place[0].partition("%")[0]) for *_, place in found]
    if refused := [a for a in addresses if not allowed(a)]:
        raise RefusedError(f"The host has the address {refused[0]}, which is not public: it was not asked.")
    return addresses
