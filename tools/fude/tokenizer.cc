// fude tokenizer: trains a tokenizer as a file of its own, and shows what one does to a text.
#include <charconv>
#include <memory>

#include "actions.h"
#include "base/file.h"
#include "commands.h"
#include "data/dataset.h"
#include "flags.h"
#include "fude/base/error.h"
#include "fude/data/corpus.h"
#include "input.h"
#include "model_flags.h"
#include "terminal.h"
#include "text/tokenizer_file.h"
#include "text/tokenizer_kinds.h"
#include "text_flags.h"
#include "tokenizer_actions.h"
#include "tokenizer_flags.h"
#include "usage_error.h"

namespace fude {
namespace {

int train_tokenizer_command(const std::vector<std::string>& arguments) {
  CorpusOptions corpus_options;
  TokenizerOptions options;
  options.kind = "bpe";
  std::string output;
  Flags flags("tokenizer train", "CORPUS...", "Learns a tokenizer from texts and writes it as a file of its own.");
  flags.section("Tokenizer");
  flags.add("tokenizer", {}, "KIND", bind(options.kind),
            tokenizer_kind_names() + ", or a file that is there already, such as a SentencePiece .model");
  add_tokenizer_flags(flags, options);
  flags.add("seed", {"s"}, "N", bind(options.seed), "of the sampling of sentences (bpe, unigram)");
  flags.section("Text");
  add_text_flags(flags, corpus_options);
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
  refuse_unused_tokenizer_flags(flags, options);
  const SplitCorpus text(corpus_options, 0, {});  // nothing held out
  say_sources(text.corpus().info());
  std::vector<std::string> read;
  if (find_tokenizer_kind(options.kind) == nullptr) read.push_back(options.kind);  // a ready one
  for (const FileInfo& source : text.corpus().info().sources) read.push_back(source.name);
  require_nothing_lost(output, read);
  const auto tokenizer = train_tokenizer(options, text.train());
  save_tokenizer_file(*tokenizer, output);
  say(output + ": " + described(*tokenizer));
  return 0;
}

// Says what decoding will not give back, and why.
void tell_changes(const Tokenizer& tokenizer, const std::string& text, const std::vector<TokenId>& ids) {
  const auto unknown = static_cast<int64_t>(tokenizer.unknown_symbols(text, text.size()).size());
  if (unknown > 0) {
    say(counted(unknown, "symbol") +
        " outside the vocabulary: " + (tokenizer.loses_text() ? "<unk> where it stood" : "spelled in bytes"));
  }
  if (tokenizer.decode(ids) == text) return;
  say(tokenizer.loses_text() ? "this tokenizer loses text: decoding gives another one"
                             : "normalization changed the text: decoding gives another one (a tokenizer learned with "
                               "--normalize none keeps all)");
}

int encode_command(const std::vector<std::string>& arguments) {
  TokenizerSource source;
  TextInput input;
  bool pieces = false;
  Flags flags("tokenizer encode", "[FILE...]",
              "Prints the tokens of a text: files, or standard input. A ready SentencePiece model keeps its numbers "
              "but for <eos>, which is 0, and those that came before its own <eos>, one more each.");
  source.add_to(flags);
  input.add_to(flags);
  flags.section("Output");
  flags.add("pieces", {}, "", bind(pieces), "what tokens stand for, a line each, in place of their numbers");
  flags.example("fude tokenizer encode -m runs/story --text 'The sea' --pieces");
  if (!flags.read(arguments)) return 0;
  flags.apply();
  const auto tokenizer = source.load(flags);
  const std::string text = input.read(flags);
  const std::vector<TokenId> ids = tokenizer->encode(text);
  std::string out;
  for (const TokenId id : ids)
    out += pieces ? shown_piece(*tokenizer, id) + "\n" : (out.empty() ? "" : " ") + std::to_string(id);
  put(pieces ? out : out + "\n");
  tell_changes(*tokenizer, text, ids);
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
  const auto tokenizer = source.load(flags);
  put(tokenizer->decode(parse_ids(flags.is_given("ids") ? given_ids : read_texts(flags.positionals()))));
  return 0;
}

int export_command(const std::vector<std::string>& arguments) {
  TokenizerSource source;
  std::string output;
  Flags flags(
      "tokenizer export", "",
      "Writes a bpe or unigram tokenizer as a SentencePiece .model, which `spm_encode` and other programs read. "
      "They get the same tokens from text that is normalized and has no newline in it.");
  source.add_to(flags);
  flags.section("Output");
  flags.add("output", {"o"}, "FILE", bind(output), "where the model goes; required");
  flags.example("fude tokenizer export -t story.tokenizer -o story.model");
  if (!flags.read(arguments)) return 0;
  flags.apply();
  require_no_more(flags.positionals());
  if (output.empty()) throw UsageError("no output given", "name the file to write: -o story.model");
  const auto tokenizer = source.load(flags);
  require_nothing_lost(output, source.files());
  const TokenizerData data = tokenizer->save();
  if (data.blob.empty())
    throw DataError("a " + std::string(tokenizer->kind()) + " tokenizer is no SentencePiece model",
                    "learn one with --tokenizer bpe or unigram");
  write_file(output, data.blob);
  say(output + ": " + described(*tokenizer));
  return 0;
}

constexpr Action kActions[] = {{"train", "learn a tokenizer from texts", train_tokenizer_command},
                               {"encode", "print the tokens of a text", encode_command},
                               {"decode", "print the text of tokens", decode_command},
                               {"show", "print the pieces of a text, or a vocabulary", tokenizer_show},
                               {"compare", "measure several tokenizers on one text", tokenizer_compare},
                               {"export", "write a SentencePiece .model", export_command}};

}  // namespace

int tokenizer_command(const std::vector<std::string>& arguments) {
  return run_action("tokenizer", "Trains a tokenizer as a file of its own, and shows what one does to a text.",
                    kActions, arguments);
}

}  // namespace fude
