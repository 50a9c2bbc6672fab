// fude tokenizer compare: several tokenizers on one text.
#include <cmath>

#include "base/json.h"
#include "binding.h"
#include "fude/base/error.h"
#include "fude/data/corpus.h"
#include "fude/text/comparison.h"
#include "fude/text/unicode.h"
#include "terminal.h"
#include "text/tokenizer_kinds.h"
#include "text_flags.h"
#include "tokenizer_actions.h"
#include "tokenizer_flags.h"
#include "usage_error.h"

namespace fude {
namespace {

constexpr double kKnownShare = 0.9;

struct Parts {
  std::string known, held_out;
};

Parts parts_of(const CorpusOptions& options) {
  Parts parts;
  const Corpus corpus(options);
  say_sources(corpus.info());
  corpus.for_each([&](std::string_view document) { parts.known += document; });
  const auto characters = static_cast<double>(count_code_points(parts.known));
  const size_t known = code_point_offset(parts.known, static_cast<size_t>(std::floor(kKnownShare * characters)));
  parts.held_out = parts.known.substr(known);
  parts.known.resize(known);
  if (parts.known.empty()) throw DataError("the text is too short to compare tokenizers", "give a longer one");
  return parts;
}

// What fits this kind of the options for all of them.
TokenizerOptions options_for(const std::string& kind, const TokenizerOptions& common) {
  TokenizerOptions options = common;
  options.kind = kind;
  const TokenizerKind* const known = find_tokenizer_kind(kind);
  if (known == nullptr || !known->takes_unit) options.unit = "codepoint";
  if (known == nullptr || !known->takes_letter_case) options.letter_case = "keep";
  if (known == nullptr || known->smallest_vocabulary == 0) options.vocab_size = 0;
  return options;
}

// All that lose nothing and can have so small a vocabulary.
std::vector<std::string> usual_kinds(int vocab_size) {
  std::vector<std::string> kinds;
  for (const TokenizerKind& kind : tokenizer_kinds()) {
    if (!kind.lossless) continue;
    if (vocab_size == 0 || vocab_size >= kind.smallest_vocabulary) {
      kinds.emplace_back(kind.name);
    } else {
      say("note: " + std::string(kind.name) + " is left out: its vocabulary has at least " +
          std::to_string(kind.smallest_vocabulary) + " tokens");
    }
  }
  return kinds;
}

// Says what keeps a tokenizer's figures from being ranked with the others'.
void tell_reservations(const std::string& name, const Tokenizer& tokenizer) {
  if (tokenizer.loses_text())
    say("note: " + name + " loses text, so its figures are of less than the others': do not rank it among them");
  if (find_tokenizer_kind(name) == nullptr)
    say("note: " + name + " is used as it is: if it learned from this text, the last tenth is not new to it");
}

Json measured_row(const TokenizerOptions& options, const Parts& parts) {
  show_progress(options.kind + ": learning");
  const auto tokenizer = train_tokenizer(options, [&](const TextSink& sink) { sink(parts.known); });
  tell_reservations(options.kind, *tokenizer);
  show_progress(options.kind + ": measuring");
  const UnigramCost cost = measure_unigram(*tokenizer, parts.known, parts.held_out);
  clear_progress();
  return {{"tokenizer", options.kind},
          {"kind", tokenizer->kind()},
          {"vocab_size", tokenizer->vocab_size()},
          {"characters", cost.characters},
          {"tokens", cost.tokens},
          {"tokens_per_character", cost.tokens_per_character()},
          {"bits_per_character", cost.bits_per_character()},
          {"loses_text", tokenizer->loses_text()},
          {"unknown", tokenizer->unknown_symbols(parts.held_out, parts.held_out.size()).size()}};
}

std::string table_line(const std::string& name, int width, const std::vector<std::string>& values) {
  std::string line = pad_right(name, width);
  for (const std::string& value : values) line += pad_left(value, 13);
  return line + "\n";
}

std::string table_of(const Json& rows) {
  int width = 12;
  for (const Json& row : rows) width = std::max(width, display_width(row["tokenizer"].get<std::string>()) + 1);
  std::string text = table_line("tokenizer", width, {"vocabulary", "tokens", "tokens/char", "bits/char", "unknown"});
  for (const Json& row : rows) {
    text += table_line(row["tokenizer"].get<std::string>(), width,
                       {with_commas(row["vocab_size"].get<int>()), with_commas(row["tokens"].get<int64_t>()),
                        fixed(row["tokens_per_character"].get<double>(), 3),
                        fixed(row["bits_per_character"].get<double>(), 3), with_commas(row["unknown"].get<int64_t>())});
  }
  return text;
}

}  // namespace

int tokenizer_compare(const std::vector<std::string>& arguments) {
  CorpusOptions corpus;
  TokenizerOptions common;
  std::vector<std::string> kinds;
  std::string format = "table";
  Flags flags("tokenizer compare", "TEXT...",
              "Learns tokenizers from the first nine tenths of a text and measures them on the last: tokens a "
              "character, bits a character of a model that knows only how often each token comes, and symbols outside "
              "the vocabulary. Fewer bits in a smaller vocabulary are better, among tokenizers that lose nothing.");
  flags.section("Tokenizers");
  flags.add("tokenizer", {"t"}, "KIND|FILE", bind(kinds),
            tokenizer_kind_names() +
                ", a file of `fude tokenizer train`, or a SentencePiece .model; may be repeated; "
                "empty: all that lose nothing");
  add_tokenizer_flags(flags, common);
  flags.add("seed", {"s"}, "N", bind(common.seed), "of the sampling of sentences (bpe, unigram)");
  flags.section("Text");
  add_text_flags(flags, corpus);
  flags.section("Output");
  flags.add("format", {}, "WORD", bind_choice(format, {"table", "json"}), "table | json");
  flags.example("fude tokenizer compare story.txt -t char -t bpe -t story.tokenizer --vocab-size 1000");
  if (!flags.read(arguments)) return 0;
  flags.apply();
  corpus.inputs = flags.positionals();
  if (corpus.inputs.empty()) throw UsageError("no text given", "name files or folders, or - for standard input");
  if (kinds.empty()) kinds = usual_kinds(common.vocab_size);
  std::vector<TokenizerOptions> wanted;
  for (const std::string& kind : kinds) {
    wanted.push_back(options_for(kind, common));
    wanted.back().validate();
  }
  const Parts parts = parts_of(corpus);
  Json rows = Json::array();
  for (const TokenizerOptions& options : wanted) rows.push_back(measured_row(options, parts));
  put(format == "json" ? to_pretty_text(rows) : table_of(rows));
  return 0;
}

}  // namespace fude
