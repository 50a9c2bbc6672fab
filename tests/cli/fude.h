// The program itself in a folder of its own, as a person would use it.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "support/process.h"
#include "support/temp_dir.h"

namespace fude {

// Enough text to learn from in a second.
inline std::string sea_story() {
  std::string text;
  for (const char* const weather : {"calm", "grey", "cold", "loud", "still", "wide"}) {
    for (const char* const boat : {"boat", "ship", "raft", "gull"}) {
      text += "The sea was " + std::string(weather) + ", and the " + boat + " lay on it.\n";
      text += "No one on the shore saw the " + std::string(boat) + " leave.\n\n";
    }
  }
  return text;
}

class Fude {
 public:
  const TempDir& folder() const { return folder_; }

  // `fude ARGUMENTS` in the folder, with HOME there, too.
  ProcessResult run(const std::vector<std::string>& arguments, ProcessOptions options = {}) const {
    return run_process(command(arguments), in_folder(std::move(options)));
  }
  std::vector<std::string> command(const std::vector<std::string>& arguments) const {
    std::vector<std::string> all = {FUDE_BINARY};
    all.insert(all.end(), arguments.begin(), arguments.end());
    return all;
  }
  ProcessOptions in_folder(ProcessOptions options) const {
    options.folder = folder_.path();
    options.environment.try_emplace("HOME", folder_.path().string());
    options.environment.try_emplace("XDG_STATE_HOME", "");
    return options;
  }

  // Writes story.txt and learns it into runs/story, not well.
  void train_story() const {
    folder_.write("story.txt", sea_story());
    const ProcessResult result =
        run({"train", "story.txt", "--preset", "tiny", "--hidden-size", "32", "--seq-length", "32", "--batch-size", "4",
             "--steps", "30", "--seed", "1", "--out", "runs/story"});
    ASSERT_EQ(result.exit_code, 0) << result.err;
  }

 private:
  TempDir folder_;
};

inline size_t count_of(std::string_view text, std::string_view part) {
  size_t count = 0;
  for (size_t at = text.find(part); at != std::string_view::npos; at = text.find(part, at + part.size())) ++count;
  return count;
}

// One line that says what is wrong and one that says what to do, nothing on standard output.
inline void expect_complaint(const ProcessResult& result, int exit_code, const std::string& message,
                             const std::string& hint = "") {
  EXPECT_EQ(result.exit_code, exit_code) << result.err;
  EXPECT_EQ(result.out, "");
  EXPECT_EQ(count_of(result.err, ": error: "), 1U) << result.err;
  EXPECT_EQ(count_of(result.err, "\n  hint: "), 1U) << result.err;
  const size_t error = result.err.find(": error: ");
  const size_t second = result.err.find("\n  hint: ");
  ASSERT_LT(error, second) << result.err;
  EXPECT_NE(result.err.substr(error, second - error).find(message), std::string::npos) << result.err;
  EXPECT_EQ(result.err.substr(error, second - error).find('\n'), std::string::npos) << result.err;
  EXPECT_NE(result.err.substr(second).find(hint), std::string::npos) << result.err;
  EXPECT_EQ(result.err.find('\n', second + 1), result.err.size() - 1) << result.err;
}

}  // namespace fude
