// A pass bound to memory: what every thread that runs a part of it shares.
#pragma once

#include <memory>
#include <vector>

#include "core/dispatch/fold.h"
#include "core/dispatch/link.h"
#include "core/dispatch/watch.h"
#include "core/graph/plan.h"

namespace lazulite {

class Engine;

struct BoundOperand {
  const std::byte* data = nullptr;   // of the element that all loops at 0 access
  const int64_t* strides = nullptr;  // one per loop, in elements
  int64_t size = 0;                  // bytes of an element
  Reach reach = Reach::contiguous;
  bool padded = false;  // may be read past the end
  uint32_t slot = 0;
  const RandomParams* draw = nullptr;  // generated: `data` counts elements of the stream from `first`
  int64_t first = 0;
  int law_dtype = 0;
  const int64_t* index = nullptr;  // of a gather: elements to add to the access
  const int64_t* index_strides = nullptr;
};

struct BoundOutput {
  Op op = Op::leaf;
  bool masked = false;  // a reduction over selected elements
  std::byte* data = nullptr;
  const int64_t* strides = nullptr;
  int64_t size = 0;  // bytes of an element of the value that is stored or reduced
  int64_t out_size = 0;
  Reach reach = Reach::contiguous;
  bool padded = false;  // a whole strip may be written at the very end
  uint32_t slot = 0;
  Fold fold{};
  double ddof = 0;
  std::vector<Partial> partials;  // [kept element][group], where there are several groups
};

/// How the loops of a pass are cut into tiles. Tiles of reductions depend on the extents only, never on threads.
struct Tiling {
  int outer_loops = 0;  // loops around the vector loops
  int kept_loops = 0;   // of the outer ones: the kept loops, which come first (map: all of them)
  int64_t kept = 1;     // iterations of the kept outer loops
  int64_t rows = 1;     // iterations of the reduced outer loops
  int64_t length = 1;   // of the vector loop
  int64_t segment = 1;  // elements of the vector loop in one tile
  int64_t segments = 1;
  int64_t blocks = 1;  // reductions: blocks of one output element, in the order of its elements
  int64_t group = 1;   // blocks that one tile merges
  int64_t groups = 1;  // tiles for one output element
  double elements() const {
    return static_cast<double>(kept) * static_cast<double>(rows) * static_cast<double>(length);
  }
  int64_t tiles() const { return kept * groups * (merges_segments ? 1 : segments); }
  int64_t together = 1;          // map: so many rows take their turns at each segment
  bool merges_segments = false;  // reduce_inner: the segments of the vector loop are blocks, not tiles
};

struct BoundPass {
  const Pass& pass;
  const StageTable& table;
  std::shared_ptr<const Code> code;
  Mode mode;
  int width = 0;
  int64_t strip = 0;  // elements
  Tiling tiling;
  std::vector<BoundOperand> operands;
  std::vector<BoundOutput> outputs;
  int64_t batch = 0;            // elements packed at a time; 0: nothing is packed
  Watch* watch = nullptr;       // one for all passes that run together
  double cost = 0;              // ns per element of the innermost work, estimated
  int64_t pieces_per_look = 1;  // tiles, or blocks of one, between looks at the clock
  int ahead = 0;                // operands, from slot 1 on, that are fetched ahead of their use
  bool only_draws = false;      // one draw, stored as it is: made where it is stored
};

/// A pass bound to its memory. `before`: the passes that run together with it and come before, whose outputs' storages
/// are `results`, in order; those of this pass are appended.
BoundPass bind_pass(Engine& engine, const Pass& pass, const PlannedNodes& nodes, const std::vector<Root>& roots,
                    const std::vector<BoundPass>& before, std::vector<Ref<Storage>>& results);

/// Computes tiles first, ..., last - 1, unless the watch stops the pass. Called from any thread.
void run_tiles(BoundPass& bound, int64_t first, int64_t last);

/// 1, 1/2, 1/3, ... in float and double, for Welford's update.
template <class T>
const T* reciprocals();
inline constexpr int64_t kRowBlock = 256;  // rows of a block of an outer reduction

}  // namespace lazulite
