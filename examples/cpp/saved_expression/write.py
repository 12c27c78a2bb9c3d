"""Saves Black and Scholes's price and delta of calls struck at 100, for the C++ program beside: write.py price.lz"""

import sys

import numpy as np

import lazulite as lz

STRIKE, RATE, YEARS = 100.0, 0.03, 0.5


def call(spot, vol):
    total = vol * YEARS**0.5
    d1 = (np.log(spot / STRIKE) + RATE * YEARS) / total + total / 2
    discounted = STRIKE * np.exp(-RATE * YEARS)
    return {
        "price": spot * lz.special.ndtr(d1) - discounted * lz.special.ndtr(d1 - total),
        "delta": lz.special.ndtr(d1),
    }


if __name__ == "__main__":
    lz.save(call, sys.argv[1], inputs={"spot": [100.0, 110.0], "vol": [0.2, 0.3]})
