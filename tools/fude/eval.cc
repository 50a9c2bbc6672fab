// fude eval: how well a model predicts a text.
#include "fude/eval/evaluate.h"

#include "base/json.h"
#include "commands.h"
#include "fude/data/corpus.h"
#include "input.h"
#include "model_flags.h"
#include "terminal.h"
#include "text_flags.h"
#include "usage_error.h"

namespace fude {
namespace {

std::string table(const Evaluation& result) {
  std::string text;
  const auto row = [&text](const char* name, const std::string& value) {
    text += pad_right(name, 12) + pad_left(value, 14) + "\n";
  };
  row("tokens", with_commas(result.tokens));
  row("characters", with_commas(result.code_points));
  row("bytes", with_commas(result.bytes));
  row("loss", fixed(result.loss(), 4) + " nats");
  row("perplexity", fixed(result.perplexity(), 4));
  row("bits/char", fixed(result.bits_per_char(), 4));
  row("bits/byte", fixed(result.bits_per_byte(), 4));
  return text;
}

std::string json(const Evaluation& result, const std::string& model, const CorpusInfo& corpus) {
  return to_pretty_text({{"model", model},
                         {"corpus_digest", corpus.digest},
                         {"tokens", result.tokens},
                         {"characters", result.code_points},
                         {"bytes", result.bytes},
                         {"nats", result.nats},
                         {"loss", result.loss()},
                         {"perplexity", result.perplexity()},
                         {"bits_per_char", result.bits_per_char()},
                         {"bits_per_byte", result.bits_per_byte()}});
}

}  // namespace

int eval_command(const std::vector<std::string>& arguments) {
  ModelFlags model_flags;
  CorpusOptions corpus_options;
  std::string format = "text";
  Flags flags("eval", "[MODEL] [FILE...]",
              "Measures how well a model predicts texts: files, folders, globs, or standard input. Each is read once, "
              "from its first token to its last. Bits per character and per byte can be compared between tokenizers "
              "that lose nothing: not whitespace and some SentencePiece models.");
  model_flags.add_to(flags);
  flags.section("Text");
  add_text_flags(flags, corpus_options);
  flags.section("Output");
  flags.add("format", {}, "WORD", bind_choice(format, {"text", "json"}), "text | json");
  flags.example("fude eval -m runs/story held-out.txt");
  if (!flags.read(arguments)) return 0;
  flags.apply();

  std::vector<std::string> positionals = flags.positionals();
  const LanguageModel model = model_flags.load(positionals);
  corpus_options.inputs = positionals;
  if (positionals.empty()) {
    if (stdin_is_terminal()) throw UsageError("no text given", "name a file, or - to type it");
    corpus_options.inputs = {"-"};
  }
  const Corpus corpus(corpus_options);
  say_sources(corpus.info());
  if (const std::string why = why_not_comparable(model.tokenizer()); !why.empty()) say("note: " + why);
  const Evaluation result = evaluate(model, [&](const TextSink& sink) { corpus.for_each(sink); });
  put(format == "json" ? json(result, model_flags.model, corpus.info()) : table(result));
  return 0;
}

}  // namespace fude
