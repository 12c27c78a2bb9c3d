// Results as tables for people and as JSON for programs, and files that are whole or not there.
#pragma once

#include <string>
#include <vector>

#include "examples/monte_carlo/runner.h"

namespace lazulite::monte_carlo {

std::string to_table(const std::vector<Outcome>& outcomes);
std::string to_json(const std::vector<Outcome>& outcomes);
/// Writes next to the target under a temporary name, then renames: a reader never sees half a file.
void write_whole(const std::string& file, const std::string& text);

}  // namespace lazulite::monte_carlo
