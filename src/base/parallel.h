// Work divided over the threads of set_threads().
//
//   parallel_for(tiles, [&](int tile) { work_on(tile); });
#pragma once

#include <type_traits>

namespace fude {

// A function that somebody else owns: two words, no allocation.
class TaskRef {
 public:
  template <class Function, class = std::enable_if_t<!std::is_same_v<std::remove_cvref_t<Function>, TaskRef>>>
  TaskRef(const Function& function)  // NOLINT(google-explicit-constructor): made for the call
      : object_(&function), call_([](const void* object, int k) { (*static_cast<const Function*>(object))(k); }) {}
  void operator()(int k) const { call_(object_, k); }

 private:
  const void* object_;
  void (*call_)(const void*, int);
};

// Calls task(0) .. task(count - 1), each once, in any order on any of the threads, the caller's own among them, and
// returns when all are done. Denormal numbers count as zero in tasks: they are slow and decide nothing. Inside a task,
// or while another thread's tasks keep the pool, all run on the caller's thread. A task's exception comes back to the
// caller after the others have ended; of several any one.
void parallel_for(int count, TaskRef task);

// While one lives, OpenMP gives regions that its thread enters one thread: libraries do not divide work that is divided
// already.
class OneOpenMpThread {
 public:
  OneOpenMpThread();
  ~OneOpenMpThread();
  OneOpenMpThread(const OneOpenMpThread&) = delete;
  OneOpenMpThread& operator=(const OneOpenMpThread&) = delete;

 private:
  int before_;
};

}  // namespace fude
