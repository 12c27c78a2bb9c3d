// The engine's settings and counters, for lazulite/config.py.
#include "bindings/python/config.h"

#include <cstdint>
#include <string>

#include "bindings/python/errors.h"
#include "core/dispatch/engine.h"

namespace lazulite::python {

namespace py = pybind11;

namespace {

struct Option {
  const char* name;
  std::atomic<int64_t> Options::*value;
};
constexpr Option kOptions[] = {{"eager_below", &Options::eager_below},
                               {"flush_nodes", &Options::flush_nodes},
                               {"flush_bytes", &Options::flush_bytes},
                               {"memory_limit", &Options::memory_limit}};

struct Counter {
  const char* name;
  std::atomic<int64_t> Counters::*value;
};
constexpr Counter kCounters[] = {
    {"passes", &Counters::passes}, {"nodes", &Counters::nodes}, {"eager", &Counters::eager}};

py::dict get_options() {
  py::dict d;
  for (const Option& o : kOptions) d[o.name] = (Engine::get().options.*o.value).load();
  return d;
}

void set_option(const std::string& key, int64_t value) {
  for (const Option& o : kOptions) {
    if (key != o.name) continue;
    if (value < 0) raise(PyExc_ValueError, key + " must not be negative");
    (Engine::get().options.*o.value).store(value);
    return;
  }
  std::string known;
  for (const Option& o : kOptions) known += std::string(known.empty() ? "" : ", ") + o.name;
  raise(PyExc_TypeError, "options() got an unexpected keyword argument '" + key + "'; the options are " + known);
}

py::dict counters() {
  py::dict d;
  for (const Counter& c : kCounters) d[c.name] = (Engine::get().counters.*c.value).load();
  return d;
}

/// Runs on the thread that computes, while it does not hold the GIL.
bool signal_arrived() {
  const PyGILState_STATE state = PyGILState_Ensure();
  const bool raised = PyErr_CheckSignals() != 0;
  PyGILState_Release(state);
  return raised;
}

}  // namespace
}  // namespace lazulite::python

// For threadpoolctl, which finds libraries by their exported symbols (lazulite/_threadpool.py).
extern "C" {
__attribute__((visibility("default"))) int lazulite_get_num_threads() { return lazulite::Engine::get().threads(); }
__attribute__((visibility("default"))) void lazulite_set_num_threads(int n) {
  lazulite::Engine::get().set_threads(n < 1 ? 1 : n);
}
}

namespace lazulite::python {

void add_config(py::module_& m) {
  Engine& engine = Engine::get();
  engine.set_interrupt_check(signal_arrived);
  engine.set_blocking_hooks([]() -> void* { return PyEval_SaveThread(); },
                            [](void* state) { PyEval_RestoreThread(static_cast<PyThreadState*>(state)); });
  m.def("get_options", get_options);
  m.def("set_option", set_option);
  m.def("counters", counters, "What the engine has done since the process started.");
  m.def(
      "target", [] { return Engine::get().target(); }, "The SIMD target in use.");
  m.def("get_num_threads", [] { return Engine::get().threads(); });
  m.def("set_num_threads", [](int n) {
    if (n < 1) raise(PyExc_ValueError, "the number of threads must be at least 1, got " + std::to_string(n));
    Engine::get().set_threads(n);
  });
  m.def("memory", [] {
    py::dict d;
    d["in_use"] = Engine::get().memory_in_use();
    d["cached"] = Engine::get().memory_cached();
    return d;
  });
  m.def(
      "trim", [] { Engine::get().trim(); }, "Gives cached memory back to the system.");
  m.def("cached_programs", [] { return Engine::get().plans().programs.size(); });
  m.def("plans_made", [] { return Engine::get().plans().made.load(); });
}

}  // namespace lazulite::python
