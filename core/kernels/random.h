// The random streams' rules: which bits element i of a stream is made of, for every law and dtype. No SIMD types.
//
// A stream is a key of 128 bits. The stream `ars` is ARS-7 (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as
// easy as 1, 2, 3", SC 2011): it enciphers a counter of 128 bits under the key, in seven AES rounds with round keys
// from a Weyl sequence. Block j is the cipher of the counter (low 64 bits: j, high 64 bits: 0; the high half is
// reserved for substreams of laws that reject). Its low and high halves are the stream's 64-bit words number 2j and 2j
// + 1.
//
// **Element i of every law and dtype is made of word i** (the normal also of its neighbour in the block). So a draw of
// n elements reserves n words, whatever it draws, and random(10) twice is random(20). A float32 draw costs as many
// random bits as a float64 one, and has in return the float64 draw's tails, and, up to rounding, its values.
//
//   word                  w itself
//   random                floor(w / 2^11) * 2^-53                       float32: floor(w / 2^40) * 2^-24
//   standard_exponential  E(w) = -log(u), u = (w | 1) * 2^-64 in (0, 1], rounded to the dtype's precision *before* the
//                         log: fine near 0, so the largest draw is 64 log 2 = 44.4
//   standard_normal       Box and Muller 1958 on the block (w0, w1): r = sqrt(2 E(w0)), at most 9.4, and a direction
//                         from w1: elements 2j, 2j + 1 = r x, r y. Of w1, bits 61..0 place the point on a quarter of
//                         the circle around the x axis (an odd multiple of 2^-52 of the quarter in float64), bit 63
//                         negates x, bit 62 exchanges x and y.
//
// Laws with parameters (the table's LZ_SAMPLE rows) are functions of word i and of the parameters, too: what more they
// need, they take from the word's own substream, ARS-7's blocks with the counter (w, k) under kSubstreamKey.
//
// log, sin and cos are polynomials with fused multiply-adds: exponential draws are within 3 ulp, normal ones within 4,
// of the exact function of the rounded u and the angle. Every target with FMA gives the same bits; sse4, which has
// none, differs from them in the last bits of the normal and exponential laws. `random` is exact.
//
// Other streams make the same laws of other words:
//
//   philox        Philox4x32-10 (from the same paper). The key's first word is the cipher's key, the second one the
//                 counter's high half; block j is the cipher of the counter with the low half j, its words as above.
//   numpy_philox  numpy.random.Philox: Philox4x64-10, four words a block. The key has six words: the cipher's two, and
//                 a counter of 256 bits; word 0's block is that of the next one. Its float32 `random` is NumPy's, too:
//                 element i is floor(h / 2^8) 2^-24 of half i of the words, the low one first. (The one exception from
//                 the rule above.)
//   sobol         Sobol's sequence, one dimension after the other. Key words 0 and 1 are a seed, 2 how many points n, 3
//                 the number of the first, 4 whether they are scrambled (sobol-inl.h). Word e is of dimension e / n and
//                 of point e % n from the first on. Its laws are `random` and `word`.
//
// StageTable::fill[stream][law][dtype] writes elements first .. first + count - 1 to `out` (which needs only its own
// type's alignment). What an element is does not depend on `first` or `count`. A range ends at 2^64 at the latest;
// BitGenerator::reserve (core/graph/seed.h) hands out no other.
#pragma once

#include <cstdint>

#include "core/graph/ops.h"

namespace lazulite {

/// Fills with draws of one law and dtype: `first` is the number of the first element in the stream of `key`.
using RandomFill = void (*)(const uint64_t* key, uint64_t first, int64_t count, void* out);

/// ARS's Weyl constants, the increments of the round keys' low and high halves: 2^64 times the golden ratio's fraction
/// and sqrt(3) - 1, as published.
alignas(16) inline constexpr uint64_t kArsWeyl[2] = {0x9E3779B97F4A7C15, 0xBB67AE8584CAA73B};

/// The key of the substreams of single words (samples-inl.h): the first 128 bits of pi's fraction.
inline constexpr uint64_t kSubstreamKey[2] = {0x13198A2E03707344, 0x243F6A8885A308D3};

}  // namespace lazulite
