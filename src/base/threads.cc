#include "fude/base/threads.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <memory>
#include <mutex>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "base/parallel.h"
#include "fude/base/error.h"

// The libraries' own control of their threads; declared here so that cblas.h stays in src/compute. OpenMP is there when
// a library brings it.
extern "C" {
void openblas_set_num_threads(int n);
__attribute__((weak)) void omp_set_num_threads(int n);
__attribute__((weak)) int omp_get_max_threads();
}

namespace fude {
namespace {

// Takes denormal numbers for zero while it lives.
class NoDenormals {
 public:
#if defined(__SSE__)
  NoDenormals() : before_(__builtin_ia32_stmxcsr()) { __builtin_ia32_ldmxcsr(before_ | kFlushToZero | kZeroes); }
  ~NoDenormals() { __builtin_ia32_ldmxcsr(before_); }

 private:
  static constexpr unsigned kFlushToZero = 0x8000, kZeroes = 0x40;
  unsigned before_;
#elif defined(__aarch64__)
  NoDenormals() : before_(__builtin_aarch64_get_fpcr()) { __builtin_aarch64_set_fpcr(before_ | kFlushToZero); }
  ~NoDenormals() { __builtin_aarch64_set_fpcr(before_); }

 private:
  static constexpr unsigned kFlushToZero = 1u << 24;
  unsigned before_;
#else
  NoDenormals() {}
#endif
 public:
  NoDenormals(const NoDenormals&) = delete;
  NoDenormals& operator=(const NoDenormals&) = delete;
};

// More than any machine has use for: a larger number is a mistake.
constexpr int kMostThreads = 1024;

// How often a thread looks for work, or for the end of it, before it sleeps: some tens of microseconds.
constexpr int kSpins = 4000;

void relax() {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#endif
}

// Waits until `value` is no longer `old`.
template <class T>
void await_change(const std::atomic<T>& value, T old) {
  for (int spin = 0; spin < kSpins; ++spin) {
    if (value.load(std::memory_order_acquire) != old) return;
    relax();
  }
  value.wait(old, std::memory_order_acquire);
}

// One round of tasks at a time; the threads sleep between rounds.
class Pool {
 public:
  explicit Pool(int threads) {
    try {
      for (int k = 1; k < threads; ++k) workers_.emplace_back([this] { work(); });
    } catch (const std::system_error& error) {
      end();
      throw IoError("cannot start " + std::to_string(threads) + " threads: " + error.what(),
                    "ask for fewer: --threads");
    } catch (...) {  // no memory for a thread's own data: those that run are ended here, or the program would be
      end();
      throw;
    }
  }
  ~Pool() { end(); }
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  int threads() const { return static_cast<int>(workers_.size()) + 1; }

  void run(int count, TaskRef task) {
    begin_round(count, &task);
    take_tasks();
    for (int left = busy_.load(std::memory_order_acquire); left != 0; left = busy_.load(std::memory_order_acquire))
      await_change(busy_, left);
    if (error_ != nullptr) std::rethrow_exception(std::exchange(error_, nullptr));
  }

 private:
  void end() {
    stop_ = true;
    begin_round(0, nullptr);
    for (std::thread& worker : workers_) worker.join();
  }

  void begin_round(int count, const TaskRef* task) {
    task_ = task;
    count_ = count;
    next_.store(0, std::memory_order_relaxed);
    busy_.store(static_cast<int>(workers_.size()), std::memory_order_relaxed);
    round_.fetch_add(1, std::memory_order_release);
    round_.notify_all();
  }

  void take_tasks() {
    const NoDenormals none;
    for (int k = next_.fetch_add(1, std::memory_order_relaxed); k < count_;
         k = next_.fetch_add(1, std::memory_order_relaxed)) {
      try {
        (*task_)(k);
      } catch (...) {
        const std::lock_guard lock(error_mutex_);
        error_ = std::current_exception();
      }
    }
  }

  void work();

  std::vector<std::thread> workers_;
  const TaskRef* task_ = nullptr;
  int count_ = 0;
  bool stop_ = false;
  std::atomic<int> next_{0};
  std::atomic<int> busy_{0};  // workers that have not ended the round
  std::atomic<uint32_t> round_{0};
  std::mutex error_mutex_;
  std::exception_ptr error_;
};

thread_local bool inside_task = false;

void Pool::work() {
  inside_task = true;
  for (uint32_t seen = 0;; ++seen) {
    await_change(round_, seen);
    if (stop_) return;
    take_tasks();
    if (busy_.fetch_sub(1, std::memory_order_acq_rel) == 1) busy_.notify_one();
  }
}

int cores() { return std::max(1, static_cast<int>(std::thread::hardware_concurrency())); }

// The pool in use. Its BLAS works on one thread: Fude divides the work itself, so that results do not depend on how
// many threads share it.
class Owner {
 public:
  Owner() { openblas_set_num_threads(1); }

  void resize(int threads) {
    const std::lock_guard lock(mutex_);
    if (pool_ != nullptr && pool_->threads() == threads) return;
    pool_.reset();
    threads_ = threads;
  }
  int threads() const { return threads_; }

  // False when somebody else's tasks run.
  bool try_run(int count, TaskRef task) {
    const std::unique_lock lock(mutex_, std::try_to_lock);
    if (!lock) return false;
    if (pool_ == nullptr) pool_ = std::make_unique<Pool>(threads_);
    inside_task = true;
    try {
      pool_->run(count, task);
    } catch (...) {
      inside_task = false;
      throw;
    }
    inside_task = false;
    return true;
  }

 private:
  std::mutex mutex_;
  std::atomic<int> threads_{cores()};
  std::unique_ptr<Pool> pool_;
};

Owner& owner() {
  static Owner instance;
  return instance;
}

}  // namespace

void set_threads(int n) {
  if (n < 0 || n > kMostThreads)
    throw ConfigError("threads must be 0 (one a core) to " + std::to_string(kMostThreads) + ", got " +
                      std::to_string(n));
  owner().resize(n == 0 ? cores() : n);
}

int threads() { return owner().threads(); }

void parallel_for(int count, TaskRef task) {
  if (count > 1 && !inside_task && threads() > 1 && owner().try_run(count, task)) return;
  const NoDenormals none;
  for (int k = 0; k < count; ++k) task(k);
}

bool run_side_by_side(int count, TaskRef task) {
  // A member that waits takes no second task, so that each has a thread of its own.
  return !inside_task && count <= threads() && owner().try_run(count, task);
}

void Team::wait() {
  if (size_ == 1) return;
  if (broken_.load(std::memory_order_acquire)) throw Broken{};
  const uint32_t round = round_.load(std::memory_order_acquire);
  if (arrived_.fetch_add(1, std::memory_order_acq_rel) + 1 == size_) {
    arrived_.store(0, std::memory_order_relaxed);
    round_.fetch_add(1, std::memory_order_release);
    round_.notify_all();
  } else {
    await_change(round_, round);
  }
  if (broken_.load(std::memory_order_acquire)) throw Broken{};
}

void Team::leave() {
  broken_.store(true, std::memory_order_release);
  round_.fetch_add(1, std::memory_order_release);
  round_.notify_all();
}

OneOpenMpThread::OneOpenMpThread() : before_(omp_get_max_threads != nullptr ? omp_get_max_threads() : 1) {
  if (before_ != 1) omp_set_num_threads(1);
}

OneOpenMpThread::~OneOpenMpThread() {
  if (before_ != 1) omp_set_num_threads(before_);
}

}  // namespace fude
