# Writes core/kernels/sobol_directions.h from the direction numbers of Joe and Kuo: `sobol_directions.py > that file`.
"""The numbers are new-joe-kuo-6.21201 of https://web.maths.unsw.edu.au/~fkuo/sobol/ (S. Joe and F. Y. Kuo,
"Constructing Sobol sequences with better two-dimensional projections", SIAM Journal on Scientific Computing 30, 2008),
which SciPy carries as an archive. Of its 21,201 dimensions the table takes those of polynomials of degree up to 13.

A row of that file has a primitive polynomial over GF(2), x^s + a x^(s-1 ... 1) + 1, and odd numbers m_1, ..., m_s below
2, ..., 2^s. The table packs, one dimension after the other and the lowest bit first, the s - 1 bits of a, then the
k - 1 upper bits of m_k for k = 2, ..., s: their lowest bit is 1. The degrees are those of all primitive polynomials in
order.
"""

import os

import numpy as np
import scipy.stats

DEGREES = 13

NOTICE = """\
// Direction numbers of Sobol's sequence by Joe and Kuo, packed by tools/sobol_directions.py, which says how.
//
// They are new-joe-kuo-6.21201 of https://web.maths.unsw.edu.au/~fkuo/sobol/, with this licence:
//
// Copyright (c) 2008, Frances Y. Kuo and Stephen Joe
// All rights reserved.
//
// Redistribution and use in source and binary forms, with or without modification, are permitted provided that the
// following conditions are met:
//
//   * Redistributions of source code must retain the above copyright notice, this list of conditions and the following
//     disclaimer.
//
//   * Redistributions in binary form must reproduce the above copyright notice, this list of conditions and the
//     following disclaimer in the documentation and/or other materials provided with the distribution.
//
//   * Neither the names of the copyright holders nor the names of the University of New South Wales and the University
//     of Waikato and its contributors may be used to endorse or promote products derived from this software without
//     specific prior written permission.
//
// THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS "AS IS" AND ANY EXPRESS OR IMPLIED WARRANTIES, INCLUDING, BUT NOT
// LIMITED TO, THE IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE DISCLAIMED. IN NO
// EVENT SHALL THE COPYRIGHT HOLDERS BE LIABLE FOR ANY DIRECT, INDIRECT, INCIDENTAL, SPECIAL, EXEMPLARY, OR
// CONSEQUENTIAL DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR SERVICES; LOSS OF USE, DATA,
// OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER CAUSED AND ON ANY THEORY OF LIABILITY, WHETHER IN CONTRACT, STRICT
// LIABILITY, OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE OF THIS SOFTWARE, EVEN IF
// ADVISED OF THE POSSIBILITY OF SUCH DAMAGE."""


def main():
    source = np.load(os.path.join(os.path.dirname(scipy.stats.__file__), "_sobol_direction_numbers.npz"))
    degree = np.array([int(p).bit_length() - 1 for p in source["poly"]])
    count = int((degree <= DEGREES).sum())
    assert np.all(np.diff(degree) >= 0) and np.all(degree[1:count] >= 1) and degree[0] == 0
    bits, total = 0, 0
    for p, m, s in zip(source["poly"][1:count], source["vinit"][1:count], degree[1:count].tolist(), strict=True):
        fields = [(int(p) >> 1 & ((1 << (s - 1)) - 1), s - 1)]
        for k in range(2, s + 1):
            assert m[k - 1] % 2 == 1 and m[k - 1] < 2**k
            fields.append((int(m[k - 1]) >> 1, k - 1))
        for value, width in fields:
            bits |= value << total
            total += width
    words = [bits >> (64 * i) & (2**64 - 1) for i in range(-(-total // 64))]
    counts = ", ".join(str(int((degree[:count] == s).sum())) for s in range(1, DEGREES + 1))
    print(NOTICE)
    print("#pragma once\n\n#include <cstdint>\n\nnamespace lazulite {\n")
    print("/// How many dimensions have a polynomial of degree 1, 2, ...: those of dimension 2 and up, in order.")
    print(f"inline constexpr int kSobolDegrees[] = {{{counts}}};\n")
    print("inline constexpr uint64_t kSobolBits[] = {")
    for i in range(0, len(words), 5):
        print("    " + " ".join(f"0x{w:016x}," for w in words[i : i + 5]))
    print("};\n\n}  // namespace lazulite")


main()
