#include "base/parallel.h"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <thread>
#include <vector>

#include "fude/base/threads.h"

namespace fude {
namespace {

class ParallelFor : public testing::TestWithParam<int> {
 protected:
  void SetUp() override { set_threads(GetParam()); }
  void TearDown() override { set_threads(0); }
};
INSTANTIATE_TEST_SUITE_P(Threads, ParallelFor, testing::Values(1, 2, 5));

TEST_P(ParallelFor, EveryTask_RunsOnce) {
  for (const int count : {0, 1, 2, 3, 64, 1000}) {
    std::vector<int> runs(static_cast<size_t>(count));
    parallel_for(count, [&](int k) { ++runs[static_cast<size_t>(k)]; });
    EXPECT_EQ(runs, std::vector<int>(static_cast<size_t>(count), 1));
  }
}

TEST_P(ParallelFor, ManyRounds_SeeTheRoundBefore) {
  std::vector<int> now(16, 1), next(16);
  for (int round = 0; round < 2000; ++round) {
    parallel_for(16, [&](int k) { next[static_cast<size_t>(k)] = now[static_cast<size_t>((k + 1) % 16)] + 1; });
    now.swap(next);
  }
  EXPECT_EQ(now, std::vector<int>(16, 2001));
}

TEST_P(ParallelFor, Exception_ComesBackAndThePoolWorksOn) {
  EXPECT_THROW(parallel_for(8, [](int k) { k == 3 ? throw std::runtime_error("three") : void(); }), std::runtime_error);
  std::atomic<int> runs = 0;
  parallel_for(8, [&](int) { ++runs; });
  EXPECT_EQ(runs, 8);
}

TEST_P(ParallelFor, InsideATask_RunsToo) {
  std::atomic<int> runs = 0;
  parallel_for(4, [&](int) { parallel_for(5, [&](int) { ++runs; }); });
  EXPECT_EQ(runs, 20);
}

TEST_P(ParallelFor, SeveralCallers_AllFinish) {
  std::atomic<int> runs = 0;
  std::vector<std::thread> callers;
  for (int caller = 0; caller < 4; ++caller)
    callers.emplace_back([&] {
      for (int round = 0; round < 200; ++round) parallel_for(3, [&](int) { ++runs; });
    });
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(runs, 4 * 200 * 3);
}

TEST_P(ParallelFor, Team_SeesWhatTheOthersDidBeforeTheyWaited) {
  for (int size = 1; size <= threads(); ++size) {
    std::vector<int> now(static_cast<size_t>(size), 1);
    std::atomic<int> members = 0;
    run_team(size, [&](Team& team, int member) {
      ++members;
      for (int round = 0; round < 500; ++round) {
        const int next = now[static_cast<size_t>((member + 1) % team.size())] + 1;
        team.wait();
        now[static_cast<size_t>(member)] = next;
        team.wait();
      }
    });
    EXPECT_EQ(members, size);
    EXPECT_EQ(now, std::vector<int>(static_cast<size_t>(size), 501));
  }
}

TEST_P(ParallelFor, TeamMemberThatThrows_EndsTheOthers) {
  const int size = threads();
  EXPECT_THROW(run_team(size,
                        [&](Team& team, int member) {
                          if (member == size - 1) throw std::runtime_error("last");
                          for (;;) team.wait();
                        }),
               std::runtime_error);
  int runs = 0;
  run_team(1, [&](Team&, int) { ++runs; });
  EXPECT_EQ(runs, 1);
}

TEST_P(ParallelFor, TeamInsideATask_IsOfOne) {
  std::atomic<int> members = 0;
  parallel_for(2, [&](int) { run_team(threads(), [&](Team& team, int) { members += team.size(); }); });
  if (threads() > 1) {
    EXPECT_EQ(members, 2);
  }
}

}  // namespace
}  // namespace fude
