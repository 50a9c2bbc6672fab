// A story that grows in the REPL: what it is now, and what it was before each change.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "fude/generate/generator.h"

namespace fude {

class Story {
 public:
  // `model` must outlive the story.
  Story(const LanguageModel& model, uint64_t seed);

  const Writer& writer() const { return writer_; }
  const std::string& text() const { return writer_.text(); }

  // Reads `typed` and writes on; one step for undo(). An interrupted text stays as far as it came.
  Generation go_on(std::string_view typed, const GenerateOptions& options, const TextCallback& callback,
                   const std::atomic<bool>* stop);
  // Another text in place of the last one written. DataError when the last step wrote none.
  Generation retry(const GenerateOptions& options, const TextCallback& callback, const std::atomic<bool>* stop);
  // Reads `text` and writes nothing. False: it was stopped, and the story is as it was.
  bool read(std::string_view text, OnUnknown policy, std::string_view name, const std::atomic<bool>* stop);
  // Takes `steps` steps back. DataError when there are fewer, or fewer were kept.
  void undo(int steps);
  // An empty story.
  void clear();
  void reseed(uint64_t seed);
  // A session from Writer::save.
  void restore(std::string_view session);

 private:
  // What a step back leads to. A story of many steps has its text once: most steps add to it.
  struct Past {
    Writer writer;                    // without its text
    size_t size = 0;                  // of the text, which is what the next step's begins with,
    std::optional<std::string> text;  // or else this
  };

  void change(Writer next);

  const LanguageModel* model_;
  Writer writer_;
  std::deque<Past> past_;
  std::optional<Writer> before_writing_;  // the last step had read, but not yet written
  uint64_t retries_ = 0;
};

}  // namespace fude
