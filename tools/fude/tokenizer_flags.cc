#include "tokenizer_flags.h"

#include "fude/model/language_model.h"
#include "terminal.h"
#include "text/tokenizer_file.h"
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

void TokenizerSource::add_to(Flags& flags) {
  flags.section("Tokenizer");
  flags.add("tokenizer", {"t"}, "FILE", bind(file), "a file of `fude tokenizer train`, or a SentencePiece .model");
  flags.add("model", {"m"}, "FILE|RUN", bind(model), "the tokenizer inside this model");
}

std::shared_ptr<const Tokenizer> TokenizerSource::load() const {
  if (file.empty() == model.empty())
    throw UsageError(file.empty() ? "no tokenizer given" : "two tokenizers: --tokenizer and --model",
                     "name one: --tokenizer FILE or --model RUN");
  if (file.empty()) return LanguageModel::load(model).shared_tokenizer();
  return open_tokenizer(file);
}

std::string described(const Tokenizer& tokenizer) {
  return std::string(tokenizer.kind()) + ", " + with_commas(tokenizer.vocab_size()) + " tokens, fingerprint " +
         tokenizer.fingerprint();
}

}  // namespace fude
