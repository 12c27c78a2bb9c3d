"""Raw words of a random stream on standard output, without end, for test batteries: `raw_stream.py [--philox]
[--streams K] [--seed S] | dieharder -a -g 200`.

With --streams K, K generators whose 128-bit keys are neighbours (key, key + 1, ...) take turns word by word: a battery
then sees whether adjacent keys give related words.
"""

import argparse
import sys

import numpy as np

import lazulite as lz

BLOCK = 1 << 20


def neighbour(kind, seed, i):
    """The generator of `seed` with `i` added to its key."""
    generator = kind(seed)
    entropy, spawn_key, children, (low, high), *rest = generator.state
    key = (high << 64 | low) + i
    generator.state = (entropy, spawn_key, children, (key % 2**64, key >> 64 & 2**64 - 1), *rest)
    return generator


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--philox", action="store_true", help="Philox4x32-10 instead of ARS-7")
    parser.add_argument("--streams", type=int, default=1, metavar="K", help="this many adjacent keys in turn")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    if args.streams < 1:
        parser.error("--streams: at least 1")

    kind = lz.random.Philox if args.philox else lz.random.ARS
    generators = [neighbour(kind, args.seed, i) for i in range(args.streams)]
    try:
        while True:
            words = lz.stack([g.random_raw(BLOCK) for g in generators], axis=1)
            sys.stdout.buffer.write(np.ascontiguousarray(words))
    except BrokenPipeError:  # the reader has had enough
        sys.stderr.close()


if __name__ == "__main__":
    main()
