// The tables of every target, for the tests of random streams.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/kernels/targets.h"

namespace lazulite {

struct Named {
  std::string name;
  std::unique_ptr<StageTable> table;
  bool has_fma;
};

/// The tables of the targets that this CPU runs.
inline const std::vector<Named>& targets() {
  static const std::vector<Named> all = [] {
    std::vector<Named> list;
    for (const Target* target : supported_targets()) {
      list.push_back({target->name, std::make_unique<StageTable>(), std::string(target->name) != "sse4"});
      target->fill(*list.back().table);
    }
    return list;
  }();
  return all;
}

}  // namespace lazulite
