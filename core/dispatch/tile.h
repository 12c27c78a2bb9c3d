// One thread's state while it runs tiles of a pass: pointers, packed operands, partials.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>

#include "core/dispatch/bind.h"

namespace lazulite {

/// a / b and a % b. Most divisors here are 1, and a division takes as long as a strip of cheap arithmetic.
struct Split {
  int64_t quotient, rest;
  Split(int64_t a, int64_t b) : quotient(b == 1 ? a : a / b), rest(b == 1 ? 0 : a % b) {}
};

/// Made once for a range of tiles; the memory is the thread's scratch memory.
class Tile {
 public:
  explicit Tile(BoundPass& b);

  void run(int64_t first, int64_t last) {
    for (int64_t k = first; k < last && !b_.watch->stopped(); ++k) {
      run(k);
      stop_after_piece();
    }
  }

 private:
  void run(int64_t tile);
  /// Sets the indices of loops [from, to) to the element `flat` of their product.
  void unravel(int64_t flat, int from, int to) {
    for (int k = to - 1; k > from; --k) {
      index_[k] = flat % b_.pass.extents[k];
      flat /= b_.pass.extents[k];
    }
    if (from < to) index_[from] = flat;
  }

  int64_t outer_offset(const int64_t* strides) const {
    int64_t offset = 0;
    for (int k = 0; k < b_.tiling.outer_loops; ++k) offset += index_[k] * strides[k];
    return offset;
  }

  /// Base addresses for the present outer indices.
  void locate();

  // --- One range of the vector loop ---

  void span(int64_t begin, int64_t count) {
    if (b_.batch == 0) {
      batch(begin, count, 0);
      return;
    }
    for (int64_t done = 0; done < count && !stop(); done += b_.batch)
      batch(begin + done, std::min(b_.batch, count - done), done);
  }

  /// `count` elements from `first`; they are elements `done` and on of the span.
  void batch(int64_t first, int64_t count, int64_t done);

  /// Between batches only where they take long enough for a look at the clock.
  bool stop() const { return b_.pass.program->steps.size() > 4096 ? b_.watch->stop() : b_.watch->stopped(); }

  /// After a tile, or a block of one: a look at the clock after some of them.
  bool stop_after_piece() {
    if (++pieces_ < b_.pieces_per_look) return b_.watch->stopped();
    pieces_ = 0;
    return b_.watch->stop();
  }

  const int64_t* vector_extents() const { return b_.pass.extents.data() + b_.tiling.outer_loops; }
  int vector_loops() const { return b_.pass.extents.size() - b_.tiling.outer_loops; }

  void fetch(const BoundOperand& o, std::byte* base, int64_t first, int64_t count, std::byte* to) const;
  void deliver(const BoundOutput& o, std::byte* base, int64_t first, int64_t count, const std::byte* from) const;

  int moving() const { return static_cast<int>(b_.pass.program->moving); }

  /// Whole strips. `done` elements of the block came before.
  void strips(int64_t n, int64_t done, int64_t first);
  /// The last strip has `count` elements only. Operands that must not be read past their end, and outputs that must
  /// not be written past theirs, go through small buffers.
  void tail(int64_t first, int64_t count, int64_t done);

  /// May a whole strip be written at `first`? Only at the very end of a new, padded storage.
  bool may_overrun(const BoundOutput& o, int64_t first, int64_t count) const {
    return o.padded && b_.tiling.kept * b_.tiling.rows == 1 && first + count == b_.tiling.length;
  }

  // --- Reductions (tile_reduce.cpp) ---

  /// Slots of the partials for a step that begins with element `element` of the block.
  void place_partials(int64_t element);
  /// Slots of an outer reduction's lanes: element `first` of the vector loop is lane `first` - start of the tile.
  void place_lanes(int64_t first);

  void start_regions() {
    each_reduction([](BoundOutput& o, std::byte* region) { o.fold.start(region, o.fold.lanes, o.fold.second); });
  }

  /// Calls f(output, region) for the reductions.
  template <class F>
  void each_reduction(F&& f) {
    std::byte* region = region_;
    for (BoundOutput& o : b_.outputs) {
      if (o.op == Op::leaf) continue;
      f(o, region);
      region += o.fold.region_bytes + kStripBytes;
    }
  }

  /// A group of blocks of one output element.
  void reduce_inner(int64_t kept, int64_t group);
  /// A group of row blocks of the columns from `begin` on.
  void reduce_outer(int64_t kept, int64_t group, int64_t begin);

  BoundPass& b_;
  Slot* slot_;
  int64_t* stride_;
  std::byte** base_;  // of operands, then outputs
  int64_t* index_;    // of the outer loops
  std::byte *tails_, *pack_, *region_;
  int64_t* places_;                                       // of the elements of one batch of a gather
  int64_t step_;                                          // elements
  int64_t period_ = std::numeric_limits<int64_t>::max();  // steps until a reduction's slots are back at the first lanes
  int phases_;
  int64_t row_ = 0;
  int64_t pieces_ = 0;
};

}  // namespace lazulite
