// fude score: the log-probability of each token of a text.
#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "base/json.h"
#include "commands.h"
#include "fude/data/corpus.h"
#include "fude/eval/evaluate.h"
#include "input.h"
#include "model_flags.h"
#include "terminal.h"
#include "text_flags.h"
#include "usage_error.h"

namespace fude {
namespace {

// null for NaN, which JSON does not have.
Json number(double value) { return std::isnan(value) ? Json(nullptr) : Json(value); }

std::string table(const std::vector<TokenScore>& scores) {
  std::string text = pad_left("log p", 10) + pad_left("p", 9) + pad_left("id", 8) + "  token\n";
  for (const TokenScore& score : scores) {
    text += pad_left(fixed(score.log_prob, 4), 10) + pad_left(fixed(std::exp(score.log_prob), 4), 9) +
            pad_left(std::to_string(score.id), 8) + "  " + escape(score.text) + "\n";
  }
  return text;
}

std::string json_lines(const std::vector<TokenScore>& scores) {
  std::string text;
  for (const TokenScore& score : scores) {
    text += to_text(Json{{"id", score.id}, {"token", score.text}, {"log_prob", number(score.log_prob)}}) + "\n";
  }
  return text;
}

// The text itself on a ground that grows from plain to red with the surprise, a shade for each two bits.
std::string heat_map(const std::vector<TokenScore>& scores, TokenId eos) {
  constexpr std::array<const char*, 6> kShades = {
      "", "\x1b[48;5;230m", "\x1b[48;5;223m", "\x1b[48;5;216m", "\x1b[48;5;209m", "\x1b[48;5;203m"};
  std::string text;
  for (const TokenScore& score : scores) {
    const double bits = std::isnan(score.log_prob) ? 0 : -score.log_prob / std::numbers::ln2;
    const auto shade = static_cast<size_t>(std::clamp(bits / 2, 0.0, kShades.size() - 1.0));
    const bool newline = score.text == "\n";
    if (score.id == eos) continue;
    text += shade == 0 ? "" : std::string(kShades[shade]) + "\x1b[30m";
    text += newline ? (shade == 0 ? "\n" : "\u21B5\x1b[0m\n") : without_controls(score.text);
    text += shade == 0 || newline ? "" : "\x1b[0m";
  }
  return text.ends_with('\n') ? text : text + "\n";
}

}  // namespace

int score_command(const std::vector<std::string>& arguments) {
  ModelFlags model_flags;
  CorpusOptions corpus_options;
  std::string given_text;
  std::string format = "text";
  bool colour = false;
  Flags flags("score", "[MODEL] [FILE...]",
              "Gives the natural log-probability of each token of a text: files, read as one text, or standard input. "
              "Nothing predicts the first token of all but the beginning of a text itself.");
  model_flags.add_to(flags);
  flags.section("Text");
  flags.add("text", {"p"}, "TEXT", bind(given_text), "this text in place of a file");
  add_text_flags(flags, corpus_options);
  flags.section("Output");
  flags.add("format", {}, "WORD", bind_choice(format, {"text", "jsonl"}), "text (a table) | jsonl");
  flags.add("color", {"colour"}, "", bind(colour), "in place of the table the text itself, redder where it surprises");
  flags.example("fude score -m runs/story --text 'The sea was calm.' --color");
  if (!flags.read(arguments)) return 0;
  flags.apply();
  if (colour && format == "jsonl") throw UsageError("--color and --format jsonl contradict each other", "give one");

  std::vector<std::string> positionals = flags.positionals();
  const LanguageModel model = model_flags.load(positionals);
  std::string text = given_text;
  if (flags.is_given("text")) {
    require_no_more(positionals);
  } else {
    if (positionals.empty() && stdin_is_terminal()) throw UsageError("no text given", "name a file, or give --text");
    corpus_options.inputs = positionals.empty() ? std::vector<std::string>{"-"} : positionals;
    const Corpus corpus(corpus_options);
    say_sources(corpus.info());
    corpus.for_each([&text](std::string_view document) { text += document; });
  }
  const std::vector<TokenScore> scores = score(model, text);
  put(format == "jsonl" ? json_lines(scores) : colour ? heat_map(scores, model.tokenizer().eos()) : table(scores));
  return 0;
}

}  // namespace fude
