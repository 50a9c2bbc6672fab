#include "writing_flags.h"

#include "fude/base/random.h"

namespace fude {
namespace {

std::string to_text(OnUnknown policy) {
  switch (policy) {
    case OnUnknown::kError:
      return "error";
    case OnUnknown::kReplace:
      return "replace";
    case OnUnknown::kSkip:
      return "skip";
  }
  return "";
}

Binding bind_on_unknown(OnUnknown& policy) {
  return {.set = [&policy](const std::string& text) { policy = parse_on_unknown(text); },
          .get = [&policy] { return to_text(policy); }};
}

Binding bind_tokens(WritingFlags& writing) {
  Binding binding = bind(writing.options.max_tokens);
  const auto set = [&writing, plain = binding.set](const std::string& text) {
    plain(text);
    writing.tokens_given = true;
  };
  return {.set = set, .get = binding.get};
}

}  // namespace

void WritingFlags::add_to(Flags& flags) {
  flags.section("Length");
  flags.add("n-predict", {"n", "length", "max-new-tokens"}, "N", bind_tokens(*this),
            "tokens to write, the prompt not counted; -1: no limit. Off by itself when --chars or --lines is given");
  flags.add("chars", {}, "N", bind(options.max_chars), "characters to write; -1: no limit");
  flags.add("lines", {}, "N", bind(options.max_lines), "lines to write; -1: no limit");
  flags.add("stop", {}, "TEXT", bind_escaped(options.stop),
            "end before this text (\\n and \\t understood); may be given more than once");
  flags.add("eos", {}, "", bind(options.stop_at_eos), "end where the model ends a document; off: it never does");

  flags.section("Choice of tokens");
  flags.add("temperature", {"temp"}, "T", bind(options.sampler.temperature),
            "below 1: safer, above: wilder; 0: always the most probable token");
  flags.add("top-k", {}, "K", bind(options.sampler.top_k), "among the K most probable tokens; 0: off");
  flags.add("top-p", {}, "P", bind(options.sampler.top_p),
            "among the fewest tokens whose probability reaches P; 1: off");
  flags.add("min-p", {}, "P", bind(options.sampler.min_p),
            "among tokens at least P times as probable as the best one; 0: off");
  flags.add("seed", {"s"}, "N", bind(seed), "equal seeds write equal texts");
  flags.default_text("drawn");
  flags.add("on-unknown", {}, "WORD", bind_on_unknown(options.on_unknown),
            "what symbols meet that the model does not know: error | replace (by a near relative) | skip");
}

void WritingFlags::finish() {
  if (!seed) seed = random_seed();
  options.seed = *seed;
  settle();
}

void WritingFlags::settle() {
  const bool other_limit = options.max_chars >= 0 || options.max_lines >= 0;
  if (!tokens_given) options.max_tokens = other_limit ? -1 : usual_tokens;
  options.validate();
}

}  // namespace fude
