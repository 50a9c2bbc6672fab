#include "text_flags.h"

#include "terminal.h"

namespace fude {

void add_text_flags(Flags& flags, CorpusOptions& options) {
  flags.add(
      "encoding", {}, "NAME", bind(options.encoding),
      "what the files are written in, such as utf-8, shift_jis or windows-1252; auto: each file's own is found out");
  flags.add("invalid", {}, "WORD", bind_choice(options.invalid, {"error", "replace", "skip"}),
            "what undecodable bytes meet: error | replace (by U+FFFD) | skip");
}

void say_sources(const CorpusInfo& info) {
  for (const std::string& line : describe_sources(info)) say(line);
  if (const std::string invalid = describe_invalid(info); !invalid.empty()) say(invalid);
}

}  // namespace fude
