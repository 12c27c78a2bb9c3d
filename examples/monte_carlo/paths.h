// --save-paths: what is drawn, as a NumPy file, written block by block in constant memory.
//
// The paths are simulated once more, with the draws of the run at their places in the stream. A row is a path; an
// antithetic one follows the path that it mirrors. The columns are what the model keeps: points (pi), prices from today
// to the end (one asset), prices at the end (basket), returns over the horizon (portfolio, filtered).
#pragma once

#include <string>

#include "examples/monte_carlo/files.h"
#include "examples/monte_carlo/runner.h"

namespace lazulite::monte_carlo {

/// That there is something to save, and room for it.
void check_savable(const std::string& file, const Job& job, const Inputs& inputs);
void save_paths(WholeFile& out, const Job& job, const Inputs& inputs, const Progress& progress);

}  // namespace lazulite::monte_carlo
