// The families of stages, one file each, compiled once per target: each function enters its family into the table.
#pragma once

#include <hwy/highway.h>

#include "core/kernels/stage.h"

namespace lazulite {
namespace HWY_NAMESPACE {

void register_memory(StageTable& table);      // load, store, stream, splat, end, run, run_steps
void register_bytes(StageTable& table);       // one- and two-argument ops on bool, int8, uint8
void register_int16(StageTable& table);       // ... on int16, uint16
void register_int32(StageTable& table);       // ... on int32, uint32
void register_int64(StageTable& table);       // ... on int64, uint64
void register_float32(StageTable& table);     // ... on float32
void register_float64(StageTable& table);     // ... on float64
void register_fused32(StageTable& table);     // two arithmetic ops in one stage, float32
void register_fused64(StageTable& table);     // ... float64
void register_math32(StageTable& table);      // elementary functions of float32
void register_math64(StageTable& table);      // elementary functions of float64
void register_large32(StageTable& table);     // large two-argument rows on float32
void register_large64(StageTable& table);     // ... on float64
void register_large_ints(StageTable& table);  // ... on integers
void register_ternary32(StageTable& table);   // rows of three arguments, float32
void register_ternary64(StageTable& table);   // ... float64
void register_where(StageTable& table);
void register_casts(StageTable& table);
void register_reduce_ints(StageTable& table);
void register_reduce_floats(StageTable& table);
void register_random(StageTable& table);
void register_samples(StageTable& table);  // laws with parameters
void register_matmul(StageTable& table);

/// All of them, into a zeroed table: the entry of core/kernels/targets.cpp.
void fill_table(StageTable& table);

}  // namespace HWY_NAMESPACE
}  // namespace lazulite
