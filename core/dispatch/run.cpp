// Running passes: their tiles over the threads, alone or block of rows by block of rows.
#include "core/dispatch/run.h"

#include <hwy/cache_control.h>

#include "core/dispatch/bind.h"
#include "core/dispatch/blocks.h"
#include "core/dispatch/engine.h"
#include "core/dispatch/opaque.h"
#include "core/graph/error.h"

namespace lazulite {

namespace {

constexpr double kLookNs = 100e3;          // between looks at the clock
constexpr int64_t kRowsBytes = 128 << 10;  // that linked passes read of one block of rows: it stays in L2

/// Reductions of no elements, and outputs without elements.
void finish_empty(const Pass& pass, const PlannedNodes& nodes, std::vector<BoundOutput>& outputs) {
  for (size_t k = 0; k < outputs.size(); ++k) {
    BoundOutput& o = outputs[k];
    if (o.op == Op::leaf) continue;
    const int64_t n = nodes[pass.outputs[k].node]->size;
    for (int64_t i = 0; i < n; ++i) o.fold.store(o.fold.empty, o.ddof, o.data + i * o.out_size);
  }
}

/// Merges the blocks of every output element in a tree of neighbours, and stores the results.
void merge_blocks(const Pass& pass, const Tiling& t, BoundOutput& o) {
  if (o.partials.empty()) return;
  const int64_t blocks = t.groups;
  const auto elements = static_cast<int64_t>(o.partials.size()) / blocks;
  std::vector<int> kept;
  for (int k = 0; k < pass.extents.size(); ++k)
    if (!((pass.reduced >> k) & 1)) kept.push_back(k);
  for (int64_t e = 0; e < elements; ++e) {
    Partial* p = o.partials.data() + e * blocks;
    merge_neighbours(p, blocks, o.fold);
    int64_t offset = 0, rest = e;
    for (size_t k = kept.size(); k-- > 0;) {
      offset += rest % pass.extents[kept[k]] * o.strides[kept[k]];
      rest /= pass.extents[kept[k]];
    }
    o.fold.store(p[0], o.ddof, o.data + offset * o.out_size);
  }
}

double total_cost(const BoundPass& b) { return b.tiling.elements() * b.cost; }

void prepare(BoundPass& b, Watch& watch) {
  b.watch = &watch;
  const double pieces = static_cast<double>(b.tiling.tiles()) * static_cast<double>(b.tiling.group);
  b.pieces_per_look = static_cast<int64_t>(std::clamp(kLookNs * pieces / total_cost(b), 1.0, 1e6));
}

void run_alone(Engine& engine, BoundPass& b) {
  spread(engine, b.tiling.tiles(), total_cost(b), [&](int64_t first, int64_t last) {
    run_tiles(b, first, last);
    hwy::FlushStream();
  });
}

/// All passes over a block of rows, then over the next one. Tiles are those of passes that run alone, and so are the
/// bits.
void run_rows(Engine& engine, std::vector<BoundPass>& bound) {
  const int64_t rows = bound[0].tiling.kept;
  double total = 0;
  int64_t most = 1;  // bytes that a pass reads of a row
  for (const BoundPass& b : bound) {
    total += total_cost(b);
    int64_t bytes = 0;
    for (const BoundOperand& o : b.operands)
      if (o.reach != Reach::scalar && !o.draw) bytes += o.size * b.tiling.length;
    most = std::max(most, bytes);
  }
  const int64_t block = std::clamp<int64_t>(kRowsBytes / most, 1, rows);
  spread(engine, (rows + block - 1) / block, total, [&](int64_t first, int64_t last) {
    for (int64_t k = first; k < last; ++k) {
      for (BoundPass& b : bound) {
        const int64_t tiles = b.tiling.tiles() / rows;
        run_tiles(b, k * block * tiles, std::min(rows, (k + 1) * block) * tiles);
      }
      if (bound[0].watch->stop()) break;  // run_tiles counts its own tiles only
    }
    hwy::FlushStream();
  });
}

}  // namespace

std::vector<Ref<Storage>> run_passes(Engine& engine, const Pass* first, const PlannedNodes& nodes,
                                     const std::vector<Root>& roots) {
  if (first->mode == Mode::opaque) return run_opaque(engine, *first, nodes);
  std::vector<Ref<Storage>> results;
  std::vector<BoundPass> bound;
  bound.reserve(first->linked);
  for (size_t k = 0; k < first->linked; ++k) bound.push_back(bind_pass(engine, first[k], nodes, roots, bound, results));
  if (first->empty) {
    finish_empty(*first, nodes, bound[0].outputs);
    return results;
  }
  Watch watch(engine.interrupt_check());
  for (BoundPass& b : bound) prepare(b, watch);
  // Where a pass takes several rows together, its tiles are not in the order of rows.
  const bool by_rows =
      std::all_of(bound.begin(), bound.end(), [](const BoundPass& b) { return b.tiling.together == 1; });
  if (bound.size() > 1 && by_rows)
    run_rows(engine, bound);
  else
    for (BoundPass& b : bound) run_alone(engine, b);
  if (watch.stopped()) throw Error(ErrorKind::interrupted, "interrupted");
  for (BoundPass& b : bound) {
    for (BoundOutput& o : b.outputs) merge_blocks(b.pass, b.tiling, o);
    engine.counters.passes.fetch_add(1, std::memory_order_relaxed);
    engine.counters.nodes.fetch_add(static_cast<int64_t>(b.pass.evaluated.size() + b.pass.outputs.size()),
                                    std::memory_order_relaxed);
  }
  return results;
}

}  // namespace lazulite
