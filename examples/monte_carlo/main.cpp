// lazulite-mc: the command line.
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <memory>
#include <optional>
#include <regex>

#include "core/dispatch/engine.h"
#include "core/graph/error.h"
#include "examples/monte_carlo/files.h"
#include "examples/monte_carlo/paths.h"
#include "examples/monte_carlo/report.h"
#include "examples/monte_carlo/schema.h"
#include "examples/monte_carlo/texts.h"

namespace lazulite::monte_carlo {

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
  std::string command, what, job, output, save_paths;
  std::optional<int64_t> paths, seed, threads;
  bool json = false, quiet = false;
};

static Options parse(const std::vector<std::string>& arguments) {
  Options options;
  std::vector<std::string> words;
  for (size_t i = 0; i < arguments.size(); ++i) {
    std::string option = arguments[i];
    if (option.rfind('-', 0) != 0) {
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
    const auto name = [&] {
      const std::string text = value();
      if (!text.empty()) return text;
      throw InputError("argument " + option + ": '' will not do: give a name; see lazulite-mc --help");
    };
    if (option == "--paths") {
      options.paths = whole(option, value(), range_named("paths"));
    } else if (option == "--seed") {
      options.seed = whole(option, value(), range_named("seed"));
    } else if (option == "--threads") {
      options.threads = whole(option, value(), range_named("threads"));
    } else if (option == "--job") {
      options.job = name();
    } else if (option == "--output") {
      options.output = name();
    } else if (option == "--save-paths") {
      options.save_paths = name();
    } else if (option == "--json" && !given) {
      options.json = true;
    } else if (option == "--quiet" && !given) {
      options.quiet = true;
    } else if (option == "--compare" || option == "--plot" || option == "--sobol") {
      const std::string what = option == "--plot" ? " FILE" : option == "--compare" ? " numpy" : "";
      throw InputError(option + " is the Python runner's: python -m lazulite.monte_carlo run JOB " + option + what);
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
class ProgressBar {
 public:
  ProgressBar(std::string label, int64_t paths, bool quiet)
      : label_(std::move(label)), paths_(paths), shown_(!quiet && ::isatty(STDERR_FILENO)) {}
  ~ProgressBar() {
    if (shown_) std::fputs("\r\x1b[K", stderr);
  }
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

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

struct Interrupted {};

static volatile std::sig_atomic_t interrupted = 0;

/// The jobs to run, with what the command line says instead of the file.
static std::vector<Job> chosen(const Options& options) {
  std::vector<Job> jobs = read_jobs(options.what);
  if (!options.job.empty()) {
    Texts names;
    for (const Job& job : jobs) names.push_back(job.name());
    jobs.erase(std::remove_if(jobs.begin(), jobs.end(), [&](const Job& j) { return j.name() != options.job; }),
               jobs.end());
    if (jobs.empty()) {
      const std::string problem = options.what + ": has no job '" + options.job + "'";
      throw InputError(problem + "; give --job one of " + join(names));
    }
  }
  if (!options.save_paths.empty() && jobs.size() > 1) {
    const std::string problem = "--save-paths saves the paths of one job, and " + options.what + " has ";
    const std::string remedy = "; choose one, for example --job '" + jobs[0].name() + "'";
    throw InputError(problem + std::to_string(jobs.size()) + remedy);
  }
  for (Job& job : jobs) {
    if (options.paths && job.has("paths")) job.values["paths"] = *options.paths;
    if (options.seed && job.has("seed")) job.values["seed"] = *options.seed;
  }
  return jobs;
}

static std::string run_file(const Options& options) {
  // All mistakes are found before the first path is drawn.
  const std::vector<Job> jobs = chosen(options);
  std::vector<Inputs> inputs;
  for (const Job& job : jobs) inputs.push_back(model_inputs(job));
  if (!options.save_paths.empty()) check_savable(options.save_paths, jobs[0], inputs[0]);
  if (options.threads) Engine::get().set_threads(static_cast<int>(*options.threads));
  std::optional<WholeFile> saved;
  if (!options.save_paths.empty()) saved.emplace(options.save_paths, "--save-paths");
  // Between passes and within long ones.
  Engine::get().set_interrupt_check([] { return interrupted != 0; });
  std::vector<Outcome> outcomes;
  for (size_t i = 0; i < jobs.size(); ++i) {
    const auto shown = [&](const std::string& label) {
      return [bar = std::make_shared<ProgressBar>(label, work(jobs[i], inputs[i]), options.quiet)](int64_t done) {
        if (interrupted) throw Interrupted();
        (*bar)(done);
      };
    };
    outcomes.push_back(run(jobs[i], inputs[i], shown(jobs[i].name())));
    if (saved) save_paths(*saved, jobs[i], inputs[i], shown(jobs[i].name() + " (saving)"));
  }
  if (saved) saved->finish();
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
  if (arguments == std::vector<std::string>{"--version"}) {
    std::printf("lazulite-mc %s\n", kVersion);
    return 0;
  }
  const Options options = parse(arguments);
  // From here on files may be half written: an interrupted run removes them.
  std::signal(SIGINT, [](int) { interrupted = 1; });
  std::optional<WholeFile> out;
  if (!options.output.empty()) out.emplace(options.output, "--output");
  std::string text;
  if (options.command == "keys") {
    if (std::find(models().begin(), models().end(), options.what) == models().end()) {
      throw InputError("no model '" + options.what + "'; use one of " + join(models()));
    }
    text = describe(options.what) + "\n";
  } else {
    text = run_file(options) + "\n";
  }
  if (out) {
    out->write(text);
    out->finish();
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
  } catch (const lazulite::monte_carlo::Interrupted&) {
    std::fputs("lazulite-mc: interrupted\n", stderr);
    return 130;
  } catch (const std::exception& error) {
    if (lazulite::monte_carlo::interrupted) {
      std::fputs("lazulite-mc: interrupted\n", stderr);
      return 130;
    }
    std::fprintf(stderr, "lazulite-mc: the run failed: %s\n", error.what());
    return 1;
  }
}
