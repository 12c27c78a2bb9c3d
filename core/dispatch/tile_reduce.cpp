// The tiles of a reduction: where its partials lie, and the results of blocks.
#include <array>

#include "core/dispatch/pack.h"
#include "core/dispatch/tile.h"

namespace lazulite {

namespace {

/// The number k, at most kBlock / 64, as 64 bits; k + 1 follows.
std::byte* number(int64_t k) {
  static const auto table = [] {
    std::array<uint64_t, kBlock / 64 + 1> t{};
    for (size_t i = 0; i < t.size(); ++i) t[i] = i;
    return t;
  }();
  const void* p = table.data() + k;
  return const_cast<std::byte*>(static_cast<const std::byte*>(p));
}

std::byte* reciprocal(int64_t size, int64_t k) {
  const void* p = size == 4 ? static_cast<const void*>(reciprocals<float>() + k)
                            : static_cast<const void*>(reciprocals<double>() + k);
  return const_cast<std::byte*>(static_cast<const std::byte*>(p));
}

std::vector<Partial>& scratch_partials() {
  static thread_local std::vector<Partial> partials;
  return partials;
}

}  // namespace

void Tile::place_partials(int64_t element) {
  std::byte* region = region_;
  for (const BoundOutput& o : b_.outputs) {
    if (o.op == Op::leaf) continue;
    const int64_t at = element % o.fold.lanes * o.size;
    slot_[o.slot] = region + at;
    if (is_arg(o.op)) {
      slot_[o.slot + 1] = region + o.fold.second + at;
      slot_[o.slot + 2] = number(element / b_.strip);
    } else if (is_moments(o.op) && !o.masked) {
      slot_[o.slot + 1] = reciprocal(o.size, element / o.fold.lanes);
      slot_[o.slot + 2] = region + o.fold.second + at;
    }
    region += o.fold.region_bytes + kStripBytes;
  }
}

void Tile::place_lanes(int64_t first) {
  std::byte* region = region_;
  for (const BoundOutput& o : b_.outputs) {
    if (o.op == Op::leaf) continue;
    const int64_t at = first % b_.tiling.segment * o.size;
    slot_[o.slot] = region + at;
    if (is_arg(o.op)) {
      slot_[o.slot + 1] = region + o.fold.second + at;
      slot_[o.slot + 2] = number(row_);
    } else if (is_moments(o.op)) {
      slot_[o.slot + 1] = reciprocal(o.size, row_);
      slot_[o.slot + 2] = region + o.fold.second + at;
    }
    region += o.fold.region_bytes + kStripBytes;
  }
}

void Tile::reduce_inner(int64_t kept, int64_t group) {
  const Tiling& t = b_.tiling;
  const int64_t first = group * t.group, blocks = std::min(t.blocks - first, t.group);
  std::vector<Partial>& partials = scratch_partials();
  size_t reductions = 0;
  each_reduction([&](BoundOutput&, std::byte*) { ++reductions; });
  partials.resize(reductions * static_cast<size_t>(blocks));
  for (int64_t k = 0; k < blocks && !(k > 0 && stop_after_piece()); ++k) {
    const int64_t block = first + k;
    const Split row(block, t.segments);
    const int64_t begin = row.rest * t.segment, count = std::min(t.length - begin, t.segment);
    unravel(row.quotient, t.kept_loops, t.outer_loops);
    locate();
    start_regions();
    span(begin, count);
    size_t r = 0;
    each_reduction([&](BoundOutput& o, std::byte* region) {
      Partial p = o.fold.finish(region, o.fold.lanes, o.fold.second, count);
      if (p.index >= 0) p.index += block * t.segment;
      partials[r++ * static_cast<size_t>(blocks) + static_cast<size_t>(k)] = p;
    });
  }
  size_t r = 0;
  for (int k = t.kept_loops; k < t.outer_loops; ++k) index_[k] = 0;
  each_reduction([&](BoundOutput& o, std::byte*) {
    Partial* p = partials.data() + r++ * static_cast<size_t>(blocks);
    merge_neighbours(p, blocks, o.fold);
    if (o.partials.empty())
      o.fold.store(p[0], o.ddof, o.data + outer_offset(o.strides) * o.out_size);
    else
      o.partials[static_cast<size_t>(kept * t.groups + group)] = p[0];
  });
}

void Tile::reduce_outer(int64_t kept, int64_t group, int64_t begin) {
  const Tiling& t = b_.tiling;
  const int64_t count = std::min(t.length - begin, t.segment);
  const int64_t first = group * t.group, blocks = std::min(t.blocks - first, t.group);
  const bool direct = t.blocks == 1;  // no partial meets another
  std::vector<Partial>& partials = scratch_partials();
  partials.clear();
  for (int64_t k = 0; k < blocks && !(k > 0 && stop_after_piece()); ++k) {
    const int64_t from = (first + k) * kRowBlock, to = std::min(t.rows, from + kRowBlock);
    start_regions();
    for (int64_t row = from; row < to; ++row) {
      unravel(row, t.kept_loops, t.outer_loops);
      locate();
      row_ = row - from;
      span(begin, count);
    }
    if (direct) break;
    size_t at = 0;
    each_reduction([&](BoundOutput& o, std::byte* region) {
      for (int64_t lane = 0; lane < count; ++lane, ++at) {
        Partial p = o.fold.lane(region, o.fold.second, lane, to - from);
        if (p.index >= 0) p.index += from;
        if (k == 0)
          partials.push_back(p);
        else
          o.fold.merge(partials[at], p);
      }
    });
  }
  if (b_.watch->stopped()) return;
  for (int k = t.kept_loops; k < t.outer_loops; ++k) index_[k] = 0;
  const Partial* p = partials.data();
  each_reduction([&](BoundOutput& o, std::byte* region) {
    std::byte* base = o.data + outer_offset(o.strides) * o.out_size;
    each_run(vector_extents(), o.strides + t.outer_loops, vector_loops(), begin, count,
             [&](int64_t offset, int64_t step, int64_t at, int64_t n) {
               if (direct)
                 return o.fold.store_lanes(region, o.fold.second, at, n, t.rows, o.ddof, base + offset * o.out_size,
                                           step * o.out_size);
               for (int64_t k = 0; k < n; ++k) {
                 if (o.partials.empty())
                   o.fold.store(p[at + k], o.ddof, base + (offset + k * step) * o.out_size);
                 else
                   o.partials[static_cast<size_t>((kept * t.length + begin + at + k) * t.groups + group)] = p[at + k];
               }
             });
    p += count;
  });
}

template <class T>
const T* reciprocals() {
  static const auto table = [] {
    std::array<T, 513> t{};
    for (size_t k = 0; k < t.size(); ++k) t[k] = T(1) / static_cast<T>(k + 1);
    return t;
  }();
  return table.data();
}
template const float* reciprocals<float>();
template const double* reciprocals<double>();

}  // namespace lazulite
