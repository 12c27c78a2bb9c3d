// The engine: start-up, planning and running, threads, memory.
#include "core/dispatch/engine.h"

#include <unistd.h>

#include <cstdlib>

#include "core/dispatch/link.h"
#include "core/dispatch/memory.h"
#include "core/dispatch/run.h"
#include "core/graph/error.h"
#include "core/kernels/targets.h"

namespace lazulite {

namespace {

std::string no_target(const std::string& wanted) {
  std::string names;
  for (const Target* t : supported_targets()) names += (names.empty() ? "" : ", ") + std::string(t->name);
  if (names.empty()) return "this CPU lacks " + std::string(kLeastTarget) + ", the least that Lazulite runs on";
  return "LAZULITE_SIMD=" + wanted + ": this build and CPU have " + names;
}

int64_t physical_memory() { return int64_t{sysconf(_SC_PHYS_PAGES)} * int64_t{sysconf(_SC_PAGESIZE)}; }

}  // namespace

Engine& Engine::get() {
  static Engine* engine = new Engine;  // never destroyed: storages may outlive main
  return *engine;
}

Engine::Engine() {
  const char* wanted = std::getenv("LAZULITE_SIMD");
  const Target* target = find_target(wanted ? wanted : "");
  if (!target) throw Error(ErrorKind::value, no_target(wanted ? wanted : ""));
  auto* table = new StageTable();
  target->fill(*table);
  stages_ = table;
  decompositions_ = &decompositions_of(*target);
  target_ = target->name;
  options.flush_bytes = physical_memory() / 8;
  pool_ = std::make_unique<MemoryPool>(physical_memory() / 8);
  survive_forks();
  const char* threads = std::getenv("LAZULITE_NUM_THREADS");
  threads_ = std::make_unique<Threads>(std::max(0, threads ? std::atoi(threads) : 0));
}

Engine::~Engine() = default;

void Engine::set_threads(int n) {
  if (n < 1) throw Error(ErrorKind::value, "the number of threads must be at least 1, got " + std::to_string(n));
  threads_->set(n);
}

void Engine::compute(const std::vector<Root>& roots) {
  Planned planned;
  {
    std::lock_guard<std::mutex> guard(lock_);
    planned = make_plan(roots, plans_);
    for (const Pass& pass : planned.plan->passes) {
      if (pass.program) link(*pass.program, *stages_);
      for (NodeId n : pass.evaluated) planned.nodes[n]->evaluated = true;
      // What is stored, too: after an interruption the same roots are planned alike.
      for (const Output& o : pass.outputs) planned.nodes[o.node]->evaluated = true;
    }
  }
  const std::vector<Pass>& passes = planned.plan->passes;
  for (size_t k = 0; k < passes.size(); k += passes[k].linked) {
    std::vector<Ref<Storage>> results = run_passes(*this, &passes[k], planned.nodes, roots);
    auto result = results.begin();
    std::lock_guard<std::mutex> guard(lock_);
    for (size_t j = k; j < k + passes[k].linked; ++j)
      for (const Output& o : passes[j].outputs) {
        // Another thread may have computed the node meanwhile: the first result stays.
        Node* n = planned.nodes[o.node];
        if (o.root == kNone && !n->computed()) publish(n, std::move(*result));
        ++result;
      }
  }
}

Ref<Storage> Engine::allocate(int64_t bytes) { return pool_->allocate(bytes, options.memory_limit); }
void Engine::pin(Storage* s) { pool_->pin(s); }
int64_t Engine::memory_pinned() const { return pool_->pinned(); }
int64_t Engine::memory_in_use() const { return pool_->in_use(); }
int64_t Engine::memory_cached() const { return pool_->cached(); }
void Engine::trim() { pool_->trim(); }

}  // namespace lazulite
