// lazulite-mc: the command line.
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <optional>
#include <regex>

#include "core/dispatch/engine.h"
#include "core/graph/error.h"
#include "examples/monte_carlo/report.h"
#include "examples/monte_carlo/schema.h"

namespace lazulite::monte_carlo {

static const char* const kHelp = R"(lazulite-mc: option prices and portfolio risk by Monte-Carlo simulation

Price what a job file describes:
  lazulite-mc run job.toml

Write a job file: print one to start from, then edit it:
  lazulite-mc keys european > job.toml      (also: pi, asian, barrier, portfolio)

Change a run without editing the file:
  lazulite-mc run job.toml --paths 1e7              ten million paths
  lazulite-mc run job.toml --seed 7                 other random numbers; the same seed gives the same bits
  lazulite-mc run job.toml --threads 1              on one core; the answers do not change

Use the results elsewhere:
  lazulite-mc run job.toml --json                   JSON instead of a table
  lazulite-mc run job.toml --json --output r.json   into a file, which appears when it is complete

Options of run:
  --paths N           2 to 10^15; replaces paths of every job
  --seed N            replaces seed of every job
  --threads N         threads to use; by default all cores
  --json              JSON on standard output
  --output FILE       write there what would be printed
  --quiet             no progress bar (there is none either where standard error is no terminal)

The runner of the Python package (python -m lazulite.monte_carlo) takes the same files, gives the same numbers, and has
--compare numpy.

Exit status: 0 all is well, 1 the run failed, 2 an input was wrong (one line says which, where, and what to do).
)";

/// Reads 1000000, 1_000_000 or 1e6.
static int64_t whole(const std::string& option, std::string text, const Range& range) {
  static const std::regex form(R"([0-9][0-9_]{0,30}(e[0-9]{1,2})?)");
  const std::string problem = "argument " + option + ": '" + text + "' will not do: " + range.words;
  if (!std::regex_match(text, form)) throw InputError(problem + "; see lazulite-mc --help");
  text.erase(std::remove(text.begin(), text.end(), '_'), text.end());
  const size_t e = text.find('e');
  std::string digits = text.substr(0, e);
  if (e != std::string::npos) digits.append(static_cast<size_t>(std::stoi(text.substr(e + 1))), '0');
  digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size() - 1));
  // At most 19 digits fit in 64 bits, and the first 19-digit number that int64 lacks is above every range.
  if (digits.size() > 19 || std::stoull(digits) > uint64_t{INT64_MAX} ||
      !range.holds(static_cast<double>(std::stoull(digits)))) {
    throw InputError(problem + "; see lazulite-mc --help");
  }
  return static_cast<int64_t>(std::stoull(digits));
}

struct Options {
  std::string command, what, output;
  std::optional<int64_t> paths, seed, threads;
  bool json = false, quiet = false;
};

static Options parse(const std::vector<std::string>& arguments) {
  Options options;
  std::vector<std::string> words;
  for (size_t i = 0; i < arguments.size(); ++i) {
    std::string option = arguments[i];
    if (option.rfind("--", 0) != 0) {
      words.push_back(option);
      continue;
    }
    std::optional<std::string> given;
    if (const size_t equals = option.find('='); equals != std::string::npos) {
      given = option.substr(equals + 1);
      option.resize(equals);
    }
    const auto value = [&] {
      if (given) return *given;
      if (i + 1 < arguments.size()) return arguments[++i];
      throw InputError("argument " + option + ": expected one argument; see lazulite-mc --help");
    };
    if (option == "--paths") {
      options.paths = whole(option, value(), kPaths);
    } else if (option == "--seed") {
      options.seed = whole(option, value(), kSeed);
    } else if (option == "--threads") {
      options.threads = whole(option, value(), kThreads);
    } else if (option == "--output") {
      options.output = value();
    } else if (option == "--json" && !given) {
      options.json = true;
    } else if (option == "--quiet" && !given) {
      options.quiet = true;
    } else if (option == "--compare") {
      throw InputError("--compare is the Python runner's: python -m lazulite.monte_carlo run JOB --compare numpy");
    } else {
      throw InputError("unrecognized arguments: " + arguments[i] + "; see lazulite-mc --help");
    }
  }
  if (words.empty() || (words[0] != "run" && words[0] != "keys")) {
    throw InputError("give a command, run or keys; see lazulite-mc --help");
  }
  if (words.size() != 2) throw InputError("give " + words[0] + " one thing to work on; see lazulite-mc --help");
  options.command = words[0];
  options.what = words[1];
  return options;
}

/// A progress bar on a terminal, nothing elsewhere.
class Progress {
 public:
  Progress(std::string label, int64_t paths, bool quiet)
      : label_(std::move(label)), paths_(paths), shown_(!quiet && ::isatty(STDERR_FILENO)) {}
  ~Progress() {
    if (shown_) std::fputs("\r\x1b[K", stderr);
  }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void operator()(int64_t done) const {
    if (!shown_) return;
    const double part = static_cast<double>(done) / static_cast<double>(paths_);
    const int filled = static_cast<int>(30 * part);
    const std::string bar =
        std::string(static_cast<size_t>(filled), '#') + std::string(30 - static_cast<size_t>(filled), '.');
    std::fprintf(stderr, "\r%s  [%s] %3d %%", label_.c_str(), bar.c_str(), static_cast<int>(100 * part));
    std::fflush(stderr);
  }

 private:
  std::string label_;
  int64_t paths_;
  bool shown_;
};

static std::string run_file(const Options& options) {
  std::vector<Job> jobs = read_jobs(options.what);
  // All mistakes are found before the first path is drawn.
  std::vector<Inputs> inputs;
  for (Job& job : jobs) {
    if (options.paths) job.values["paths"] = *options.paths;
    if (options.seed) job.values["seed"] = *options.seed;
    inputs.push_back(model_inputs(job));
  }
  if (options.threads) Engine::get().set_threads(static_cast<int>(*options.threads));
  std::vector<Outcome> outcomes;
  for (size_t i = 0; i < jobs.size(); ++i) {
    const Progress progress(jobs[i].name(), jobs[i].paths(), options.quiet);
    outcomes.push_back(run(jobs[i], inputs[i], [&](int64_t done) { progress(done); }));
  }
  return options.json ? to_json(outcomes) : to_table(outcomes);
}

static int run_command(const std::vector<std::string>& arguments) {
  const auto has = [&](const char* word) {
    return std::find(arguments.begin(), arguments.end(), word) != arguments.end();
  };
  if (arguments.empty() || has("--help") || has("-h") || arguments[0] == "help") {
    std::fputs(kHelp, stdout);
    return 0;
  }
  const Options options = parse(arguments);
  std::string text;
  if (options.command == "keys") {
    if (std::find(models().begin(), models().end(), options.what) == models().end()) {
      throw InputError("no model '" + options.what + "'; use one of " + join(models()));
    }
    text = describe(options.what) + "\n";
  } else {
    text = run_file(options) + "\n";
  }
  if (!options.output.empty()) {
    write_whole(options.output, text);
  } else if (std::fputs(text.c_str(), stdout) < 0 || std::fflush(stdout) != 0) {
    return 1;
  }
  return 0;
}

}  // namespace lazulite::monte_carlo

int main(int argc, char** argv) {
  try {
    return lazulite::monte_carlo::run_command({argv + 1, argv + argc});
  } catch (const lazulite::monte_carlo::InputError& error) {
    std::string message = error.what();
    std::replace(message.begin(), message.end(), '\n', ' ');
    std::fprintf(stderr, "lazulite-mc: %s\n", message.c_str());
    return 2;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "lazulite-mc: the run failed: %s\n", error.what());
    return 1;
  }
}
