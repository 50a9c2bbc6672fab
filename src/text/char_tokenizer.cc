#include <algorithm>
#include <limits>
#include <utility>

#include "fude/base/error.h"
#include "text/kinds.h"
#include "text/spelling_tokenizer.h"

namespace fude {
namespace {

// A token a code point, in ascending order.
class CharTokenizer : public SpellingTokenizer {
 public:
  // FormatError for a piece that is not one code point.
  CharTokenizer(Normalization form, std::vector<std::string> pieces) : SpellingTokenizer(form, std::move(pieces)) {
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
  const size_t limit = options.vocab_size == 0
                           ? std::numeric_limits<size_t>::max()
                           : static_cast<size_t>(options.vocab_size - SpellingTokenizer::kFirstPiece);
  std::vector<char32_t> code_points = counts.most_frequent(limit);
  std::sort(code_points.begin(), code_points.end());
  std::vector<std::string> pieces(code_points.size());
  for (size_t i = 0; i < pieces.size(); ++i) append_utf8(pieces[i], code_points[i]);
  return std::make_unique<CharTokenizer>(form, std::move(pieces));
}

std::unique_ptr<Tokenizer> load_char(const Json& json, const std::string&) {
  return std::make_unique<CharTokenizer>(saved_normalization(json), saved_pieces(json));
}

}  // namespace fude
