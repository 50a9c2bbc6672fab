// The memory that a training run takes is said before it is taken.
#include <sys/resource.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <utility>
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

// `fude ARGUMENTS` with an address space of so many MiB.
ProcessResult run_within(const Fude& fude, int mebibytes, const std::vector<std::string>& arguments) {
  std::vector<std::string> command = {
      "/bin/sh", "-c",
      "unset OPENBLAS_NUM_THREADS; ulimit -v " + std::to_string(mebibytes * 1024) + " && exec \"$0\" \"$@\""};
  for (const std::string& argument : fude.command(arguments)) command.push_back(argument);
  return run_process(command, fude.in_folder({}));
}

TEST(Memory, NetworkThatCannotFit_IsRefusedBeforeTheTextIsRead) {
  const Fude fude;
  fude.folder().write("story.txt", sea_story());
  for (const char* const size : {"1000000", "1048576"}) {
    const ProcessResult result = fude.run({"train", "story.txt", "--hidden-size", size, "--num-layers", "8"});
    expect_complaint(result, 1, "the network alone needs about", "--hidden-size ");
    EXPECT_EQ(count_of(result.err, "reading"), 0U) << result.err;
  }
  expect_complaint(fude.run({"bench", "train", "char-tiny", "--hidden-size", "1000000"}), 1, "needs about",
                   "--hidden-size ");
  expect_complaint(fude.run({"bench", "train", "char-tiny", "--batch-size", "4000000"}), 1, "needs about",
                   "--batch-size ");
  expect_complaint(fude.run({"bench", "generate", "char-tiny", "--batch-size", "2000000000"}), 1,
                   "writing 2000000000 texts needs about", "--batch-size");
  EXPECT_FALSE(std::filesystem::exists(fude.folder() / "runs"));
}

TEST(Memory, AbsurdNumbers_AreOutOfRange) {
  const Fude fude;
  fude.folder().write("story.txt", sea_story());
  const std::pair<const char*, const char*> flags[] = {{"--batch-size", "2000000000"}, {"--seq-length", "2000000000"},
                                                       {"--num-layers", "100000"},     {"--hidden-size", "2000000000"},
                                                       {"--embed-size", "2000000000"}, {"--threads", "2000000000"}};
  for (const auto& [flag, value] : flags) {
    const ProcessResult result = fude.run({"train", "story.txt", flag, value});
    EXPECT_EQ(result.exit_code, 2) << flag << "\n" << result.err;
    EXPECT_EQ(count_of(result.err, ": error: "), 1U) << result.err;
  }
  EXPECT_EQ(fude.run({"bench", "train", "char-tiny", "--batch-size", "2000000000"}).exit_code, 2);
  EXPECT_EQ(fude.run({"train", "story.txt", "--tokenizer", "bpe", "--vocab-size", "2000000000"}).exit_code, 2);
}

TEST(Memory, LittleAddressSpace_IsAMessageWherever) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "a sanitizer takes address space of its own";
#endif
  const Fude fude;
  ASSERT_NO_FATAL_FAILURE(fude.train_story());
  int least = 64;  // where the program can begin, with all its libraries
  while (run_within(fude, least, {"--version"}).exit_code != 0) least += 32;
  int refused = 0;
  for (int space = least; space < least + 400; space += 20) {
    const std::string out = "runs/" + std::to_string(space);
    for (const std::vector<std::string>& arguments :
         {std::vector<std::string>{"generate", "-m", "runs/story", "-n", "50"},
          {"train", "story.txt", "--hidden-size", "256", "--threads", "2", "--steps", "3", "--out", out}}) {
      const ProcessResult result = run_within(fude, space, arguments);
      if (result.exit_code == 0) continue;
      ++refused;
      EXPECT_EQ(result.exit_code, 1) << space << " MiB\n" << result.err;
      EXPECT_EQ(count_of(result.err, ": error: "), 1U) << space << " MiB\n" << result.err;
    }
  }
  EXPECT_GT(refused, 0);
}

}  // namespace
}  // namespace fude
