// A long evening with the REPL: thousands of commands in a random order, mistakes among them.
#include <fstream>

#include "cli/fude.h"
#include "fude/base/random.h"
#include "fude/text/unicode.h"
#include "long/long_run.h"

namespace fude {
namespace {

constexpr int64_t kMebibyte = int64_t{1} << 20;

// Each is right whatever came before it: a mistake ends a script. But for /exit all commands are here.
const std::vector<std::string> kCommands = {
    "The sea",
    " was grey",
    " and the boat lay on it.",
    "",
    "two\\\nlines",
    "The sea\n/retry",
    "\n/retry\n/retry",
    "\n/undo",
    "\n\n\n/undo 3",
    "/clear\n\n/undo 2",
    "/text",
    "/read more.txt",
    "/write story.end",
    "/save one.session",
    "/save two.session",
    "/load one.session",
    "/load two.session",
    "/set temperature 0.7",
    "/set temperature 1.2",
    "/set top-k 5",
    "/set stop .",
    "/set stop",
    "/set seed 9",
    "/show",
    "/seed",
    "/seed 12",
    "/probs 3",
    "/help",
    "/clear",
};

int64_t resident_bytes_of(pid_t process) {
  std::ifstream statm("/proc/" + std::to_string(process) + "/statm");
  int64_t all = 0, resident = 0;
  statm >> all >> resident;
  return resident * ::sysconf(_SC_PAGESIZE);
}

TEST(LongRepl, CommandsInAnyOrder_TakeNoMoreMemory) {
  const Fude fude;
  ASSERT_NO_FATAL_FAILURE(fude.train_story());
  fude.folder().write("more.txt", "The gull saw it.\n");
  const int64_t rounds = length(12, 100), commands_a_round = 100;
  Process repl(fude.command({"repl", "-m", "runs/story", "--seed", "6", "--chars", "20", "--no-eos"}),
               fude.in_folder({.keep_input_open = true}));
  repl.write("/save one.session\n/save two.session\n");
  Random random(11);
  FlatMemory memory(rounds);
  for (int64_t round = 0; round < rounds; ++round) {
    std::string script;
    for (int64_t k = 0; k < commands_a_round; ++k) script += kCommands[random.below(kCommands.size())] + "\n";
    const std::string mark = std::to_string(70'000 + round);
    repl.write(script + "/seed " + mark + "\n/seed\n");
    ASSERT_TRUE(repl.wait_for("seed " + mark)) << repl.finish().err << script;
    memory.look(resident_bytes_of(repl.id()));
  }
  const ProcessResult result = repl.finish();
  EXPECT_EQ(result.exit_code, 0) << result.err.substr(result.err.size() - std::min<size_t>(result.err.size(), 1000));
  EXPECT_EQ(find_invalid_utf8(result.out), kValidUtf8);
  EXPECT_EQ(find_invalid_utf8(result.err), kValidUtf8);
  // Steps that can be taken back are kept, a thousand at most.
  expect_less_memory(memory.growth(), 4 * kMebibyte);
}

// Each step adds to the story, of which the steps before have no copies.
TEST(LongRepl, StoryThatGrows_IsHeldOnce) {
  const Fude fude;
  ASSERT_NO_FATAL_FAILURE(fude.train_story());
  Process repl(fude.command({"repl", "-m", "runs/story", "--seed", "6", "--chars", "1", "--no-eos", "--no-echo"}),
               fude.in_folder({.keep_input_open = true}));
  fude.folder().write("page.txt", std::string(8'000, 'e') + "\n");
  std::string script;
  for (int step = 0; step < 50; ++step) script += "/read page.txt\n";
  repl.write(script + "/seed 70100\n/seed\n");
  ASSERT_TRUE(repl.wait_for("seed 70100"));
  const int64_t half = resident_bytes_of(repl.id());
  repl.write(script + "/seed 70200\n/seed\n");
  ASSERT_TRUE(repl.wait_for("seed 70200"));
  const int64_t whole = resident_bytes_of(repl.id());
  repl.write("/undo 99\n/write one\n");
  EXPECT_EQ(repl.finish().exit_code, 0);
  EXPECT_EQ(std::filesystem::file_size(fude.folder() / "one"), 8'001U);
  // 0.4 MB more text, in a few copies; a copy for each step would be 30 MB.
  expect_less_memory(whole - half, 10 * kMebibyte);
}

}  // namespace
}  // namespace fude
