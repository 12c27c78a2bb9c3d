// The tiles of a pass: pointers, packed operands, strips, and the last, partly filled strip.
#include "core/dispatch/tile.h"

#include <array>

#include "core/dispatch/pack.h"
#include "core/dispatch/scratch.h"

namespace lazulite {

Tile::Tile(BoundPass& b) : b_(b) {
  const int64_t loops = b.pass.extents.size();
  const int64_t n = static_cast<int64_t>(b.operands.size() + b.outputs.size());
  const int64_t batch = std::max(b.batch, b.strip);
  int64_t bytes = 0;
  auto reserve = [&](int64_t size) {
    const int64_t at = bytes;
    bytes += (size + 63) / 64 * 64;
    return at;
  };
  const Program& program = *b.pass.program;
  const uint32_t all = program.first_temporary + program.temporaries;
  const int64_t slots = reserve(all * 8), strides = reserve(program.moving * 8), bases = reserve(n * 8);
  const int64_t index = reserve(loops * 8);
  const int64_t machine = reserve(kStripBytes);
  const int64_t temporaries = reserve(program.temporaries * int64_t{kStripBytes});
  const int64_t tails = reserve(2 * n * kStripBytes);  // a masked reduction needs two
  std::array<int64_t, 2> packs{reserve(0), 0};
  bool gathers = false;
  for (const BoundOperand& o : b.operands) {
    reserve(o.reach == Reach::packed ? batch * o.size : 0);
    gathers |= o.index != nullptr;
  }
  for (const BoundOutput& o : b.outputs) reserve(o.reach == Reach::packed ? batch * o.size : 0);
  const int64_t places = reserve(gathers ? batch * 8 : 0);
  const int64_t regions = reserve(0);
  for (const BoundOutput& o : b.outputs)
    if (o.op != Op::leaf) reserve(o.fold.region_bytes + kStripBytes);

  static thread_local Scratch scratch;
  std::byte* s = scratch.get(bytes);
  slot_ = reinterpret_cast<Slot*>(s + slots);
  stride_ = reinterpret_cast<int64_t*>(s + strides);
  base_ = reinterpret_cast<std::byte**>(s + bases);
  index_ = reinterpret_cast<int64_t*>(s + index);
  tails_ = s + tails;
  pack_ = s + packs[0];
  places_ = reinterpret_cast<int64_t*>(s + places);
  region_ = s + regions;
  slot_[0] = s + machine;
  stride_[0] = 0;
  for (uint32_t k = 0; k < program.temporaries; ++k)
    slot_[program.first_temporary + k] = s + temporaries + int64_t{kStripBytes} * k;
  step_ = 8 * b.table.vector_bytes >> b.width;
  phases_ = static_cast<int>(b.strip / step_);
  for (const BoundOperand& o : b.operands)
    if (o.reach != Reach::scalar) stride_[o.slot] = step_ * o.size;
  for (const BoundOutput& o : b.outputs) {
    const bool outer = b.mode == Mode::reduce_outer;
    const bool moves = o.op == Op::leaf || outer || o.fold.lanes > step_;
    stride_[o.slot] = moves ? step_ * o.size : 0;
    if (o.op == Op::leaf) continue;
    for (int k = 1; k < slots_of(o.op, o.masked); ++k) stride_[o.slot + static_cast<uint32_t>(k)] = 0;
    if (o.masked) continue;
    // Counters of strips and of values per lane move on where a step is a strip, or has as many values as lanes.
    if (is_arg(o.op)) {
      stride_[o.slot + 1] = stride_[o.slot];
      stride_[o.slot + 2] = moves ? 0 : int64_t{sizeof(uint64_t)};
    } else if (is_moments(o.op)) {
      stride_[o.slot + 1] = moves ? 0 : step_ / o.fold.lanes * o.size;
      stride_[o.slot + 2] = stride_[o.slot];
    }
  }
  for (const BoundOutput& o : b.outputs)
    if (o.op != Op::leaf && b.mode == Mode::reduce_inner && o.fold.lanes > step_)
      period_ = std::min(period_, o.fold.lanes / step_);
}

void Tile::run(int64_t tile) {
  const Tiling& t = b_.tiling;
  switch (b_.mode) {
    case Mode::map: {
      // Rows in groups; within a group, its rows take their turns at segment after segment.
      const Split group(tile, t.segments * t.together);
      const int64_t first = group.quotient * t.together;
      const Split turn(group.rest, std::min(t.together, t.kept - first));
      unravel(first + turn.rest, 0, t.kept_loops);
      locate();
      const int64_t begin = turn.quotient * t.segment;
      span(begin, std::min(t.length - begin, t.segment));
      return;
    }
    case Mode::reduce_inner: {
      const Split kept(tile, t.groups);
      unravel(kept.quotient, 0, t.kept_loops);
      reduce_inner(kept.quotient, kept.rest);
      return;
    }
    case Mode::reduce_outer: {
      const Split columns(tile, t.segments), kept(columns.quotient, t.groups);
      unravel(kept.quotient, 0, t.kept_loops);
      reduce_outer(kept.quotient, kept.rest, columns.rest * t.segment);
      return;
    }
    case Mode::opaque:
      return;
  }
}

void Tile::locate() {
  size_t n = 0;
  for (const BoundOperand& o : b_.operands) {
    int64_t offset = outer_offset(o.strides);
    if (o.index && o.reach != Reach::packed) offset += o.index[outer_offset(o.index_strides)];
    base_[n++] =
        o.draw ? reinterpret_cast<std::byte*>(o.first + offset) : const_cast<std::byte*>(o.data) + offset * o.size;
  }
  for (const BoundOutput& o : b_.outputs) {
    base_[n] = nullptr;
    if (o.op == Op::leaf) base_[n] = o.data + outer_offset(o.strides) * o.size;
    ++n;
  }
}

void Tile::batch(int64_t first, int64_t count, int64_t done) {
  if (b_.only_draws) {
    fetch(b_.operands[0], base_[0], first, count, base_[1] + first * b_.outputs[0].size);
    return;
  }
  std::byte* pack = pack_;
  auto buffer = [&](int64_t size) {
    std::byte* p = pack;
    pack += (std::max(b_.batch, b_.strip) * size + 63) / 64 * 64;
    return p;
  };
  size_t n = 0;
  for (const BoundOperand& o : b_.operands) {
    if (o.reach == Reach::packed) {
      slot_[o.slot] = buffer(o.size);
      fetch(o, base_[n], first, count, slot_[o.slot]);
    } else {
      slot_[o.slot] = base_[n] + (o.reach == Reach::scalar ? 0 : first * o.size);
    }
    ++n;
  }
  std::byte* const outputs = pack;
  for (const BoundOutput& o : b_.outputs) {
    if (o.op == Op::leaf) slot_[o.slot] = o.reach == Reach::packed ? buffer(o.size) : base_[n] + first * o.size;
    ++n;
  }
  const int64_t full = count / b_.strip, rest = count % b_.strip;
  if (full > 0) strips(full, done, first);
  if (rest > 0) tail(first + full * b_.strip, rest, done + full * b_.strip);
  pack = outputs;
  n = b_.operands.size();
  for (const BoundOutput& o : b_.outputs) {
    if (o.op == Op::leaf && o.reach == Reach::packed) deliver(o, base_[n], first, count, buffer(o.size));
    ++n;
  }
}

void Tile::fetch(const BoundOperand& o, std::byte* base, int64_t first, int64_t count, std::byte* to) const {
  const int64_t* strides = o.strides + b_.tiling.outer_loops;
  if (o.index) {
    const int64_t* index = o.index + outer_offset(o.index_strides);
    const int64_t* index_strides = o.index_strides + b_.tiling.outer_loops;
    const int64_t* places =
        add_index(vector_extents(), vector_loops(), strides, index, index_strides, first, count, places_);
    gather_at(to, base, o.size, places, count);
    return;
  }
  if (!o.draw) {
    each_run(vector_extents(), strides, vector_loops(), first, count,
             [&](int64_t offset, int64_t step, int64_t at, int64_t n) {
               gather(to + at * o.size, base + offset * o.size, step, n, o.size);
             });
    return;
  }
  const auto fill = b_.table.fill[static_cast<int>(o.draw->stream)][static_cast<int>(o.draw->law)][o.law_dtype];
  const uint64_t element = o.draw->first + reinterpret_cast<uint64_t>(base);
  each_run(vector_extents(), strides, vector_loops(), first, count,
           [&](int64_t offset, int64_t step, int64_t at, int64_t n) {
             const uint64_t e = element + static_cast<uint64_t>(offset);
             if (step == 1) {
               fill(o.draw->key, e, n, to + at * o.size);
               return;
             }
             for (int64_t k = 0; k < (step == 0 ? 1 : n); ++k)
               fill(o.draw->key, e + static_cast<uint64_t>(k * step), 1, to + (at + k) * o.size);
             if (step == 0 && n > 1) gather(to + (at + 1) * o.size, to + at * o.size, 0, n - 1, o.size);
           });
}

void Tile::deliver(const BoundOutput& o, std::byte* base, int64_t first, int64_t count, const std::byte* from) const {
  each_run(vector_extents(), o.strides + b_.tiling.outer_loops, vector_loops(), first, count,
           [&](int64_t offset, int64_t step, int64_t at, int64_t n) {
             scatter(base + offset * o.size, from + at * o.size, step, n, o.size);
           });
}

void Tile::strips(int64_t n, int64_t done, int64_t first) {
  const Instruction* code = b_.code->main.data();
  const int64_t steps = n * phases_;
  if (b_.mode != Mode::reduce_inner) {
    if (b_.mode == Mode::reduce_outer) place_lanes(first);
    b_.table.run_steps(slot_, code, steps, stride_, moving(), b_.ahead);
    return;
  }
  for (int64_t s = 0; s < steps; s += period_) {
    place_partials(done + s * step_);
    b_.table.run_steps(slot_, code, std::min(steps, period_), stride_, moving(), b_.ahead);
  }
}

void Tile::tail(int64_t first, int64_t count, int64_t done) {
  std::byte* buffer = tails_;
  size_t n = 0;
  for (const BoundOperand& o : b_.operands) {
    const size_t k = n++;
    // Everything else is already where the whole strips left its slot.
    if (o.reach != Reach::contiguous || o.padded) continue;
    std::memset(buffer, 0, kStripBytes);
    std::memcpy(buffer, base_[k] + first * o.size, static_cast<size_t>(count * o.size));
    slot_[o.slot] = buffer;
    buffer += kStripBytes;
  }
  std::byte* const outputs = buffer;
  for (const BoundOutput& o : b_.outputs) {
    if (o.op == Op::leaf ? o.reach == Reach::packed || may_overrun(o, first, count) : b_.mode == Mode::reduce_outer)
      continue;
    slot_[o.slot] = buffer;  // of a reduction: its values, merged one by one below
    buffer += kStripBytes;
    if (!o.masked) continue;
    slot_[o.slot + 1] = buffer;
    buffer += kStripBytes;
  }
  if (b_.mode == Mode::reduce_outer) place_lanes(first);
  const bool values = b_.mode == Mode::reduce_inner;
  const std::vector<Instruction>& code = values ? b_.code->tail : b_.code->main;
  std::array<int64_t, 16> saved{};
  if (values) {  // the values' slots move like any output
    size_t j = 0;
    for (const BoundOutput& o : b_.outputs)
      if (o.op != Op::leaf) {
        saved[j++] = stride_[o.slot];
        stride_[o.slot] = step_ * o.size;
        if (o.masked) stride_[o.slot + 1] = step_;
      }
  }
  b_.table.run_steps(slot_, code.data(), (count + step_ - 1) / step_, stride_, moving(), b_.ahead);
  if (values) {
    size_t j = 0;
    for (const BoundOutput& o : b_.outputs)
      if (o.op != Op::leaf) {
        stride_[o.slot] = saved[j++];
        if (o.masked) stride_[o.slot + 1] = 0;
      }
  }
  buffer = outputs;
  n = b_.operands.size();
  std::byte* region = region_;
  for (const BoundOutput& o : b_.outputs) {
    const size_t k = n++;
    if (o.op == Op::leaf) {
      if (o.reach == Reach::packed || may_overrun(o, first, count)) continue;
      std::memcpy(base_[k] + first * o.size, buffer, static_cast<size_t>(count * o.size));
      buffer += kStripBytes;
      continue;
    }
    if (values) {
      o.fold.add(region, o.fold.lanes, o.fold.second, buffer, done, count);
      buffer += o.masked ? 2 * kStripBytes : kStripBytes;
    }
    region += o.fold.region_bytes + kStripBytes;
  }
}

void run_tiles(BoundPass& bound, int64_t first, int64_t last) { Tile(bound).run(first, last); }

}  // namespace lazulite
