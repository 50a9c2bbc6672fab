#include <algorithm>
#include <utility>

#include "fude/base/error.h"
#include "text/kinds.h"
#include "text/spelling_tokenizer.h"

namespace fude {
namespace {

constexpr size_t kCodePoints = 0x110000;

// A token a code point, in ascending order (that of UTF-8 is the same).
class CharTokenizer : public SpellingTokenizer {
 public:
  // FormatError for a piece that is not one code point.
  CharTokenizer(Normalization form, std::vector<std::string> pieces, std::string seen_once)
      : SpellingTokenizer(form, std::move(pieces), std::move(seen_once)) {
    for (const std::string& piece : vocabulary().pieces()) {
      if (count_code_points(piece) != 1) throw FormatError("tokenizer: piece \"" + piece + "\" is not one character");
    }
  }

  std::string_view kind() const override { return "char"; }

 protected:
  void encode_normalized(std::string_view text, std::vector<TokenId>& ids) const override { spell(text, ids); }
};

}  // namespace

std::unique_ptr<Tokenizer> train_char(const TokenizerOptions& options, const TextSource& source) {
  const Normalization form = parse_normalization(options.normalize);
  CodePointCounts counts;
  for_each_normalized(source, form, [&](std::string_view text) { counts.add(text); });
  const auto limit = options.vocab_size == 0 ? kCodePoints
                                             : static_cast<size_t>(options.vocab_size - SpellingTokenizer::kFirstPiece);
  Characters characters = choose_characters(counts, limit);
  std::sort(characters.pieces.begin(), characters.pieces.end());
  return std::make_unique<CharTokenizer>(form, std::move(characters.pieces), std::move(characters.seen_once));
}

std::unique_ptr<Tokenizer> load_char(const Json& json, const std::string&) {
  return std::make_unique<CharTokenizer>(saved_normalization(json), saved_pieces(json), saved_seen_once(json));
}

}  // namespace fude
