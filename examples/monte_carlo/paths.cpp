// Blocks of paths, as rows of a matrix.
#include "examples/monte_carlo/paths.h"

#include <algorithm>

#include "examples/monte_carlo/chunks.h"
#include "examples/monte_carlo/means.h"

namespace lazulite::monte_carlo {

constexpr int64_t kBlock = 1 << 21;  // numbers that are in memory at a time
constexpr size_t kTogether = 16;     // columns a pass: it writes no more streams than that

/// Of NumPy's format 1.0, 128 bytes long.
static std::string header(int64_t rows, int64_t columns) {
  std::string text = "{'descr': '<f8', 'fortran_order': False, 'shape': (" + std::to_string(rows) + ", " +
                     std::to_string(columns) + "), }";
  text.resize(117, ' ');
  return std::string("\x93NUMPY\x01\x00\x76\x00", 10) + text + "\n";
}

static int64_t columns_of(const Job& job, const Inputs& inputs) {
  if (job.model() == "pi") return 2;
  if (const auto* o = std::get_if<Option>(&inputs)) return o->steps + 1;
  if (const auto* b = std::get_if<Basket>(&inputs)) return static_cast<int64_t>(b->assets.size());
  if (const auto* p = std::get_if<Portfolio>(&inputs)) return static_cast<int64_t>(p->assets.size());
  return static_cast<int64_t>(std::get<Filtered>(inputs).assets.size());
}

/// The run's chunks: they say where in the stream a path's draws are.
static int64_t chunk_of(const Job& job, const Inputs& inputs) {
  if (std::holds_alternative<Portfolio>(inputs) || std::holds_alternative<Filtered>(inputs)) {
    return chunk_size(job.model(), inputs);
  }
  const Sampler sampler(job, inputs);
  return chunk_size(job.model(), inputs, sampler.quantities().size(), sampler.evaluations());
}

static void simulate(const Job& job, const Inputs& inputs, Draws& draws, int64_t n, const Keep& keep) {
  if (const auto* p = std::get_if<Portfolio>(&inputs)) {
    portfolio_loss(draws, n, *p, keep);
  } else if (const auto* f = std::get_if<Filtered>(&inputs)) {
    filtered_loss(draws, n, *f, keep);
  } else {
    evaluate(job.model(), inputs, draws, n, keep);
  }
}

void check_savable(const std::string& file, const Job& job, const Inputs& inputs) {
  if (job.model() == "backtest") {
    throw job.error("model", "--save-paths has nothing to save: a backtest draws no paths; leave it out");
  }
  const double size = 8.0 * static_cast<double>(job.paths()) * static_cast<double>(columns_of(job, inputs));
  check_room(file, size, "give fewer --paths, or a file on another disk");
}

void save_paths(WholeFile& out, const Job& job, const Inputs& inputs, const Progress& progress) {
  const int64_t columns = columns_of(job, inputs), paths = job.paths();
  out.write(header(paths, columns));
  const bool antithetic = job.is_set("antithetic");
  const int64_t each = antithetic ? 2 : 1;
  const int64_t most = std::max<int64_t>(kBlock / (each * columns), 1);
  int64_t base = 0;  // where the chunk's draws begin in the stream
  const int64_t size = chunk_of(job, inputs);
  for_chunks(paths / each, size, [&](int64_t done, int64_t n) {
    size_t place = 0;
    for_chunks(n, most, [&](int64_t first, int64_t rows) {
      Rng rng(static_cast<uint64_t>(job.get<int64_t>("seed")));
      rng.advance(base + first);
      Draws draws(rng, antithetic, n - rows);
      Vector block(static_cast<size_t>(rows * each * columns));
      for (int64_t mirrored = 0; mirrored < each; ++mirrored) {
        std::vector<Array> kept;
        simulate(job, inputs, draws.again(mirrored > 0), rows, [&](const Array& column) { kept.push_back(column); });
        for (size_t k = 0; k < kept.size(); k += kTogether) {
          const size_t end = std::min(k + kTogether, kept.size());
          compute({kept.begin() + static_cast<ptrdiff_t>(k), kept.begin() + static_cast<ptrdiff_t>(end)});
          for (size_t column = k; column < end; ++column) {
            const Memory memory = expose(kept[column]);
            const auto* values = reinterpret_cast<const double*>(memory.data);
            double* to = block.data() + mirrored * columns + static_cast<int64_t>(column);
            for (int64_t i = 0; i < rows; ++i) to[i * each * columns] = values[i];
            kept[column] = Array();
          }
        }
      }
      out.write(block.data(), block.size() * sizeof(double));
      progress((done + first + rows) * each);
      place = draws.place();
    });
    base += n * static_cast<int64_t>(place);
  });
}

}  // namespace lazulite::monte_carlo
