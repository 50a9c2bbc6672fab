// Work divided over the threads of set_threads().
//
//   parallel_for(tiles, [&](int tile) { work_on(tile); });
//   run_team(2, [&](Team& team, int member) { prepare(member, team.size()); team.wait(); use_all(member); });
#pragma once

#include <atomic>
#include <cstdint>
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

// Threads that work side by side and wait for each other.
class Team {
 public:
  explicit Team(int size) : size_(size) {}
  int size() const { return size_; }

  // Returns once every member has called it as often. Short waits do not sleep.
  void wait();

 private:
  template <class Work>
  friend void run_team(int size, const Work& work);
  struct Broken {};  // thrown where another member has thrown
  void leave();

  const int size_;
  std::atomic<int> arrived_{0};
  std::atomic<uint32_t> round_{0};
  std::atomic<bool> broken_{false};
};

// Calls task(0) .. task(count - 1), each on a thread of its own; false, having called none, when there are not so many
// threads or others keep them.
bool run_side_by_side(int count, TaskRef task);

// Calls work(team, member) for the members 0 .. team.size() - 1 side by side. The team has `size` members, or only one
// where run_side_by_side() finds no threads. An exception ends the waits of the others and comes back to the caller.
template <class Work>
void run_team(int size, const Work& work) {
  Team team(size);
  const auto member_of_many = [&](int member) {
    try {
      work(team, member);
    } catch (const Team::Broken&) {
    } catch (...) {
      team.leave();
      throw;
    }
  };
  if (size > 1 && run_side_by_side(size, member_of_many)) return;
  Team one(1);
  parallel_for(1, [&](int) { work(one, 0); });
}

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
