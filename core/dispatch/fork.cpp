// fork(): the child has one thread, and must find every lock free and what it guards whole.
#include <pthread.h>

#include "core/dispatch/engine.h"
#include "core/dispatch/memory.h"
#include "core/dispatch/registry.h"

namespace lazulite {

/// The thread that forks takes all locks of the core, in the one order in which they are ever nested, and gives them
/// back in parent and child. What other threads were computing stays pending in the child; TBB's workers are not there.
/// A lock that a pass or a release may take belongs in this list; the locks of single generators of random numbers are
/// held by their callers' threads only and are not.
void Engine::survive_forks() {
  pthread_atfork(
      [] {
        Engine& e = Engine::get();
        e.lock_.lock();
        Registry::get().lock().lock();
        e.threads_->lock();
        e.pool_->lock();
      },
      [] {
        Engine& e = Engine::get();
        e.pool_->unlock();
        e.threads_->unlock();
        Registry::get().lock().unlock();
        e.lock_.unlock();
      },
      [] {
        Engine& e = Engine::get();
        e.pool_->unlock();
        e.threads_->after_fork();
        e.threads_->unlock();
        Registry::get().lock().unlock();
        e.lock_.unlock();
      });
}

}  // namespace lazulite
