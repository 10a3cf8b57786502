"""A few of many, spread evenly: which pictures of a film are looked at when not all can be."""

import numpy as np


def spread(count: int, most: int) -> list[int]:
    """At most so many of the numbers from 0 to count - 1, rising, the first and the last among them."""
    if count <= most:
        return list(range(count))
    return sorted({int(number) for number in np.linspace(0, count - 1, most)})
