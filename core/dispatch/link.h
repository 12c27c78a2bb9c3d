// Code: a program's steps as one target's instructions.
#pragma once

#include <memory>
#include <vector>

#include "core/graph/program.h"
#include "core/kernels/stage.h"

namespace lazulite {

struct Code {
  std::vector<Instruction> main;
  /// The same with every reduction replaced by a store of its values, for the last, partly filled strip: those few
  /// values are merged one by one, so that lanes past the end never meet a partial result.
  std::vector<Instruction> tail;
};

/// Links a program against the table (once: the code is kept with the program). Under the engine lock.
void link(const Program& program, const StageTable& table);
/// The code of a linked program.
inline std::shared_ptr<const Code> code_of(const Program& program) {
  return std::static_pointer_cast<const Code>(program.code);
}

}  // namespace lazulite
