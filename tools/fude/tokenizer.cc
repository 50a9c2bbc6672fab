// fude tokenizer: trains a tokenizer as a file of its own, and shows what one does to a text.
#include <algorithm>
#include <charconv>
#include <memory>

#include "actions.h"
#include "base/file.h"
#include "base/json.h"
#include "commands.h"
#include "data/dataset.h"
#include "flags.h"
#include "fude/model/language_model.h"
#include "fude/text/tokenizer.h"
#include "fude/text/unicode.h"
#include "terminal.h"
#include "text/tokenizer_file.h"
#include "text_flags.h"
#include "usage_error.h"

namespace fude {
namespace {

// Where a tokenizer is read from: a file of its own, or a model.
struct TokenizerSource {
  std::string file;
  std::string model;

  void add_to(Flags& flags) {
    flags.section("Tokenizer");
    flags.add("tokenizer", {"t"}, "FILE", bind(file), "a file of `fude tokenizer train`");
    flags.add("model", {"m"}, "FILE|RUN", bind(model), "the tokenizer inside this model");
  }
  std::shared_ptr<const Tokenizer> load() const {
    if (file.empty() == model.empty())
      throw UsageError(file.empty() ? "no tokenizer given" : "two tokenizers: --tokenizer and --model",
                       "name one: --tokenizer FILE or --model RUN");
    if (!file.empty()) return load_tokenizer_file(file);
    return LanguageModel::load(model).shared_tokenizer();
  }
};

// Files, or standard input when none is named.
std::string read_inputs(const std::vector<std::string>& files) {
  if (files.empty() && stdin_is_terminal()) throw UsageError("nothing to read", "name a file, or - to type it");
  std::string text;
  for (const std::string& file : files.empty() ? std::vector<std::string>{"-"} : files)
    text += file == "-" ? read_stdin() : read_file(file);
  return text;
}

std::string described(const Tokenizer& tokenizer) {
  return std::string(tokenizer.kind()) + ", " + with_commas(tokenizer.vocab_size()) + " tokens, fingerprint " +
         tokenizer.fingerprint();
}

int train_tokenizer_command(const std::vector<std::string>& arguments) {
  CorpusOptions corpus_options;
  TokenizerOptions options;
  options.kind = "bpe";
  std::string output;
  Flags flags("tokenizer train", "CORPUS...", "Learns a tokenizer from texts and writes it as a file of its own.");
  flags.section("Tokenizer");
  flags.add("tokenizer", {}, "KIND", bind(options.kind),
            "char | byte | word | whitespace | bpe | unigram, or a SentencePiece .model file");
  flags.add("vocab-size", {}, "N", bind(options.vocab_size), "limit on the number of tokens; 0: the kind's own");
  flags.add("normalize", {}, "FORM", bind_choice(options.normalize, {"nfc", "nfkc", "none"}),
            "Unicode normalization: nfc | nfkc | none");
  flags.add("seed", {"s"}, "N", bind(options.seed), "of the sampling of sentences (bpe, unigram)");
  flags.section("Text");
  add_text_flags(flags, corpus_options);
  flags.add("doc-sep", {}, "TEXT", bind_escaped(corpus_options.format.doc_sep),
            "text between documents of a file (\\n and \\t understood); empty: a file is a document");
  flags.section("Output");
  flags.add("output", {"o"}, "FILE", bind(output), "where the tokenizer goes; required");
  flags.example("fude tokenizer train story.txt --tokenizer bpe --vocab-size 1000 -o story.tokenizer");
  if (!flags.read(arguments)) return 0;
  flags.apply();
  corpus_options.inputs = flags.positionals();
  if (output.empty()) throw UsageError("no output given", "name the file to write: -o story.tokenizer");
  if (corpus_options.inputs.empty())
    throw UsageError("no text given", "name files or folders, or - for standard input");
  options.validate();
  const SplitCorpus text(corpus_options, 0, {});  // nothing held out
  say_sources(text.corpus().info());
  const auto tokenizer = train_tokenizer(options, text.train());
  save_tokenizer_file(*tokenizer, output);
  say(output + ": " + described(*tokenizer));
  return 0;
}

int encode_command(const std::vector<std::string>& arguments) {
  TokenizerSource source;
  std::string given_text;
  bool pieces = false;
  Flags flags("tokenizer encode", "[FILE...]", "Prints the tokens of a text: files, or standard input.");
  source.add_to(flags);
  flags.section("Text");
  flags.add("text", {"p"}, "TEXT", bind(given_text), "this text in place of a file");
  flags.section("Output");
  flags.add("pieces", {}, "", bind(pieces), "what tokens stand for, a line each, in place of their numbers");
  flags.example("fude tokenizer encode -m runs/story --text 'The sea' --pieces");
  if (!flags.read(arguments)) return 0;
  flags.apply();
  const auto tokenizer = source.load();
  const std::string text = flags.is_given("text") ? given_text : read_inputs(flags.positionals());
  std::string out;
  for (const TokenId id : tokenizer->encode(text))
    out += pieces ? escape(tokenizer->display(id)) + "\n" : (out.empty() ? "" : " ") + std::to_string(id);
  put(pieces ? out : out + "\n");
  return 0;
}

std::vector<TokenId> parse_ids(std::string_view text) {
  constexpr std::string_view kBetween = " \t\r\n,";
  std::vector<TokenId> ids;
  while (true) {
    const size_t begin = text.find_first_not_of(kBetween);
    if (begin == std::string_view::npos) return ids;
    text.remove_prefix(begin);
    const std::string_view word = text.substr(0, text.find_first_of(kBetween));
    TokenId id = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), id);
    if (error != std::errc{} || end != word.data() + word.size())
      throw DataError("expected token numbers, got " + std::string(word.substr(0, 40)), "separate them by spaces");
    ids.push_back(id);
    text.remove_prefix(word.size());
  }
}

int decode_command(const std::vector<std::string>& arguments) {
  TokenizerSource source;
  std::string given_ids;
  Flags flags("tokenizer decode", "[FILE...]", "Prints the text of token numbers: from files, or standard input.");
  source.add_to(flags);
  flags.section("Tokens");
  flags.add("ids", {}, "NUMBERS", bind(given_ids), "these in place of a file");
  flags.example("fude tokenizer decode -m runs/story --ids '12 5 33'");
  if (!flags.read(arguments)) return 0;
  flags.apply();
  const auto tokenizer = source.load();
  put(tokenizer->decode(parse_ids(flags.is_given("ids") ? given_ids : read_inputs(flags.positionals()))));
  return 0;
}

int show_command(const std::vector<std::string>& arguments) {
  TokenizerSource source;
  int limit = 100;
  std::string format = "text";
  Flags flags("tokenizer show", "[FILE...]",
              "Prints the vocabulary; for texts given, also how many tokens they become and what is unknown in them.");
  source.add_to(flags);
  flags.section("Output");
  flags.add("pieces", {}, "N", bind(limit), "tokens of the vocabulary to print; -1: all");
  flags.add("format", {}, "WORD", bind_choice(format, {"text", "json"}), "text | json");
  flags.example("fude tokenizer show -t story.tokenizer story.txt");
  if (!flags.read(arguments)) return 0;
  flags.apply();
  const auto tokenizer = source.load();
  Json json = {
      {"kind", tokenizer->kind()}, {"vocab_size", tokenizer->vocab_size()}, {"fingerprint", tokenizer->fingerprint()}};
  std::string out = described(*tokenizer) + "\n";
  if (!flags.positionals().empty()) {
    const std::string text = read_inputs(flags.positionals());
    const auto tokens = static_cast<int64_t>(tokenizer->encode(text).size());
    const auto characters = static_cast<int64_t>(count_code_points(text));
    const auto unknown = static_cast<int64_t>(tokenizer->unknown_symbols(text, text.size()).size());
    const double per_token = static_cast<double>(characters) / static_cast<double>(std::max<int64_t>(tokens, 1));
    json["text"] = {{"characters", characters}, {"tokens", tokens}, {"unknown", unknown}};
    out += with_commas(characters) + " characters become " + with_commas(tokens) + " tokens (" + fixed(per_token, 2) +
           " characters a token); " + with_commas(unknown) + " symbols are unknown\n";
  }
  json["pieces"] = Json::array();
  for (TokenId id = 0; id < tokenizer->vocab_size() && (limit < 0 || id < limit); ++id) {
    json["pieces"].push_back(tokenizer->display(id));
    out += pad_left(std::to_string(id), 8) + "  " + escape(tokenizer->display(id)) + "\n";
  }
  put(format == "json" ? to_pretty_text(json) : out);
  return 0;
}

constexpr Action kActions[] = {{"train", "learn a tokenizer from texts", train_tokenizer_command},
                               {"encode", "print the tokens of a text", encode_command},
                               {"decode", "print the text of tokens", decode_command},
                               {"show", "print a vocabulary and what it makes of a text", show_command}};

}  // namespace

int tokenizer_command(const std::vector<std::string>& arguments) {
  return run_action("tokenizer", "Trains a tokenizer as a file of its own, and shows what one does to a text.",
                    kActions, arguments);
}

}  // namespace fude
