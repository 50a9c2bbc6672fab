#include "tokenizer_flags.h"

#include "fude/model/language_model.h"
#include "fude/text/unicode.h"
#include "model_flags.h"
#include "terminal.h"
#include "text/tokenizer_file.h"
#include "text/tokenizer_kinds.h"
#include "text_flags.h"
#include "usage_error.h"

namespace fude {

void add_tokenizer_flags(Flags& flags, TokenizerOptions& options) {
  flags.add("vocab-size", {}, "N", bind(options.vocab_size), "limit on the number of tokens; 0: the kind's own");
  flags.add("normalize", {}, "FORM", bind_choice(options.normalize, {"nfc", "nfkc", "none"}),
            "Unicode normalization: nfc | nfkc | none");
  flags.add("unit", {}, "WORD", bind_choice(options.unit, {"codepoint", "grapheme"}),
            "what a symbol of `char` is: codepoint | grapheme (with all its marks, as readers see it)");
  flags.add("case", {}, "WORD", bind_choice(options.letter_case, {"keep", "factor"}),
            "`word`: keep | factor (The and THE are marks and the word in small letters)");
}

void refuse_unused_tokenizer_flags(const Flags& flags, const TokenizerOptions& options) {
  const TokenizerKind* const kind = find_tokenizer_kind(options.kind);
  std::string unused;
  const auto check = [&](const char* flag, bool used) {
    if (!used && flags.is_argument(flag)) unused += (unused.empty() ? "--" : ", --") + std::string(flag);
  };
  check("vocab-size", kind != nullptr && kind->smallest_vocabulary > 0);
  check("normalize", kind != nullptr);
  check("unit", kind != nullptr && kind->takes_unit);
  check("case", kind != nullptr && kind->takes_letter_case);
  if (unused.empty()) return;
  throw UsageError("--tokenizer " + options.kind + " does not take " + unused,
                   kind == nullptr ? "a tokenizer that is there already is used as it is: leave it out"
                                   : "leave it out, or choose another tokenizer");
}

void TokenizerSource::add_to(Flags& flags) {
  flags.section("Tokenizer");
  flags.add("tokenizer", {"t"}, "FILE", bind(file), "a file of `fude tokenizer train`, or a SentencePiece .model");
  flags.not_from_environment();
  flags.add("model", {"m"}, "FILE|RUN", bind(model), "the tokenizer inside this model");
}

std::shared_ptr<const Tokenizer> TokenizerSource::load(const Flags& flags) const {
  // FUDE_MODEL is set for every command: a file named here is stronger.
  if (!file.empty() && !flags.is_argument("model")) return open_tokenizer(file);
  if (file.empty() == model.empty())
    throw UsageError(file.empty() ? "no tokenizer given" : "two tokenizers: --tokenizer and --model",
                     "name one: --tokenizer FILE or --model RUN");
  return LanguageModel::load(model).shared_tokenizer();
}

std::vector<std::string> TokenizerSource::files() const {
  std::vector<std::string> files = {file};
  if (!model.empty()) files.push_back(find_model(model).string());
  return files;
}

void TextInput::add_to(Flags& flags) {
  flags.section("Text");
  flags.add("text", {"p"}, "TEXT", bind(text), "this text in place of a file");
  flags.not_from_environment();
  add_text_flags(flags, corpus);
}

std::string TextInput::read(const Flags& flags) {
  corpus.inputs = flags.positionals();
  if (flags.is_given("text")) {
    require_no_more(corpus.inputs);
    return text;
  }
  if (corpus.inputs.empty()) {
    if (stdin_is_terminal()) throw UsageError("nothing to read", "name a file, or - to type it");
    corpus.inputs = {"-"};
  }
  const Corpus documents(corpus);
  say_sources(documents.info());
  std::string all;
  documents.for_each([&](std::string_view document) { all += document; });
  return all;
}

std::string shown_piece(const Tokenizer& tokenizer, TokenId id) {
  return name_invisible(escape(tokenizer.display(id)));
}

std::string described(const Tokenizer& tokenizer) {
  return std::string(tokenizer.kind()) + ", " + with_commas(tokenizer.vocab_size()) + " tokens, fingerprint " +
         tokenizer.fingerprint();
}

}  // namespace fude
