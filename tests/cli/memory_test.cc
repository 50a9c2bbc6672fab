// The memory that a training run takes is said before it is taken.
#include <sys/resource.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "cli/fude.h"

namespace fude {
namespace {

// The bytes of "network ..., about 221 MB".
double predicted_bytes(const std::string& plan) {
  const size_t about = plan.find("parameters, about ");
  if (about == std::string::npos) return 0;
  char* unit = nullptr;
  const double value = std::strtod(plan.c_str() + about + 18, &unit);
  return value * (*(unit + 1) == 'G' ? 1e9 : *(unit + 1) == 'M' ? 1e6 : 1e3);
}

TEST(Memory, DryRun_PredictsWhatTrainingTakes) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "a sanitizer takes memory of its own";
#endif
  const Fude fude;
  std::string text;
  for (int copy = 0; copy < 60; ++copy) text += sea_story();
  fude.folder().write("story.txt", text);
  std::vector<std::string> arguments = {"train",   "story.txt", "--hidden-size", "384", "--batch-size", "64",
                                        "--steps", "3",         "--seq-length",  "64",  "--precision",  "f32"};
  std::vector<std::string> dry = arguments;
  dry.push_back("--dry-run");
  const double predicted = predicted_bytes(fude.run(dry).err);
  ASSERT_EQ(fude.run(arguments).exit_code, 0);
  // The largest child of this process so far: the run itself, which takes more than a dry one.
  rusage usage{};
  getrusage(RUSAGE_CHILDREN, &usage);
  const double measured = static_cast<double>(usage.ru_maxrss) * 1024;
  EXPECT_NEAR(predicted / measured, 1, 0.2) << predicted << " predicted, " << measured << " measured";
}

}  // namespace
}  // namespace fude
