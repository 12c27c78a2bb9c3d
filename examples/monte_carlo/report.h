// Results as tables for people and as JSON for programs.
#pragma once

#include <string>
#include <vector>

#include "examples/monte_carlo/runner.h"

namespace lazulite::monte_carlo {

std::string to_table(const std::vector<Outcome>& outcomes);
std::string to_json(const std::vector<Outcome>& outcomes);

}  // namespace lazulite::monte_carlo
