"""Equal Earth (Šavrič, Patterson and Jenny 2018): areas keep their proportion, shapes look familiar."""

from math import asin, cos, pi, radians, sin, sqrt

A1, A2, A3, A4 = 1.340264, -0.081106, 0.000893, 0.003796
# The edge of the map runs through the Bering Strait, so that no country of the mainlands is cut in two.
CENTRE = 11.6
EDGE = CENTRE - 180
WIDTH = 10_000
SCALE = WIDTH / (2 * 2 * sqrt(3) * pi / (3 * A1))
NORTH = 84


def raw(longitude, latitude):
    theta = asin(sqrt(3) / 2 * sin(radians(latitude)))
    square = theta * theta
    x = 2 * sqrt(3) * radians(longitude) * cos(theta)
    x /= 3 * (9 * A4 * square**4 + 7 * A3 * square**3 + 3 * A2 * square + A1)
    return x, theta * (A1 + A2 * square + square**3 * (A3 + A4 * square))


TOP = raw(0, NORTH)[1]


def project(longitude, latitude):
    """Return (x, y) of a place in degrees: x from 0 to 10,000 at the equator, y downward from the latitude 84° N."""
    x, y = raw(longitude - CENTRE, latitude)
    return WIDTH / 2 + x * SCALE, (TOP - y) * SCALE
