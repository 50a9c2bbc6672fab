#include <algorithm>
#include <utility>

#include "fude/base/error.h"
#include "text/kinds.h"
#include "text/normalizing_tokenizer.h"
#include "text/utf8.h"
#include "text/vocabulary.h"

namespace fude {
namespace {

constexpr std::string_view kEosName = "<eos>";
constexpr std::string_view kUnkName = "<unk>";
constexpr TokenId kUnk = 1;
constexpr TokenId kFirstWord = 2;

// The protocol of the published Penn Treebank and WikiText-2 figures: every line, an empty one too, is its words and
// then <eos>. What follows the last newline is a line when there is anything.
template <class Word, class LineEnd>
void split(std::string_view text, const Word& on_word, const LineEnd& on_line_end) {
  size_t word = std::string_view::npos;
  const auto end_word = [&](size_t end) {
    if (word != std::string_view::npos) on_word(text.substr(word, end - word));
    word = std::string_view::npos;
  };
  for (size_t offset = 0; offset < text.size();) {
    const size_t begin = offset;
    const char32_t code_point = next_code_point(text, offset);
    if (is_white_space(code_point)) {
      end_word(begin);
      if (code_point == U'\n') on_line_end();
    } else if (word == std::string_view::npos) {
      word = begin;
    }
  }
  end_word(text.size());
  if (!text.empty() && !text.ends_with('\n')) on_line_end();
}

// A token a word: <eos>, <unk>, then the words of the training text, the most frequent first. "<eos>" and "<unk>" in
// the text are those tokens themselves, as the published sets write them.
class WhitespaceTokenizer : public NormalizingTokenizer {
 public:
  WhitespaceTokenizer(Normalization form, std::vector<std::string> words)
      : NormalizingTokenizer(form), vocabulary_(std::move(words), kFirstWord) {
    for (const std::string& word : vocabulary_.pieces()) {
      bool spaces = word == kEosName || word == kUnkName;
      for (size_t offset = 0; offset < word.size();) spaces |= is_white_space(next_code_point(word, offset));
      if (spaces) throw FormatError("tokenizer: piece \"" + word + "\" is no word");
    }
  }

  std::string_view kind() const override { return "whitespace"; }
  int vocab_size() const override { return vocabulary_.end_id(); }

  void decode_step(TokenId id, DecodeState& state, std::string& bytes) const override {
    require_id(id);
    if (id == eos()) {
      bytes += '\n';
    } else {
      if (!state.line_start) bytes += ' ';
      bytes += display(id);
    }
    state.line_start = id == eos();
  }

  std::string display(TokenId id) const override {
    require_id(id);
    if (id == eos()) return std::string(kEosName);
    return id == kUnk ? std::string(kUnkName) : vocabulary_.piece(id);
  }

  bool is_fallback(TokenId id) const override { return id == kUnk; }
  bool loses_text() const override { return true; }

  std::vector<UnknownSymbol> unknown_symbols(std::string_view text, size_t limit) const override {
    require_valid_utf8(text);
    std::vector<UnknownSymbol> unknown;
    TextPlace place;
    size_t placed = 0;
    const auto visit = [&](std::string_view word) {
      if (unknown.size() >= limit || word == kUnkName || id_of(normalize(word, normalization())) != kUnk) return;
      const auto begin = static_cast<size_t>(word.data() - text.data());
      while (placed < begin) place.advance(next_code_point(text, placed));
      size_t offset = 0;
      unknown.push_back({next_code_point(word, offset), std::string(word), begin, place.line, place.column});
    };
    split(text, visit, [] {});
    return unknown;
  }

  TokenizerData save() const override {
    Json json = describe();
    json["pieces"] = vocabulary_.pieces();
    return {to_text(json), {}};
  }

 protected:
  void encode_normalized(std::string_view text, std::vector<TokenId>& ids) const override {
    split(
        text, [&](std::string_view word) { ids.push_back(id_of(word)); }, [&] { ids.push_back(eos()); });
  }

 private:
  TokenId id_of(std::string_view word) const {
    if (const TokenId id = vocabulary_.find(word); id >= 0) return id;
    return word == kEosName ? eos() : kUnk;
  }

  Vocabulary vocabulary_;
};

}  // namespace

std::unique_ptr<Tokenizer> train_whitespace(const TokenizerOptions& options, const TextSource& source) {
  const Normalization form = parse_normalization(options.normalize);
  PieceCounts counts;
  for_each_normalized(source, form, [&](std::string_view text) {
    split(
        text, [&](std::string_view word) { counts.add(word); }, [] {});
  });
  std::vector<std::string> words;
  for (auto& [word, count] : counts.by_frequency()) {
    if (word != kEosName && word != kUnkName) words.push_back(std::move(word));
  }
  return std::make_unique<WhitespaceTokenizer>(form, std::move(words));
}

std::unique_ptr<Tokenizer> load_whitespace(const Json& json, const std::string&) {
  return std::make_unique<WhitespaceTokenizer>(saved_normalization(json), saved_pieces(json));
}

}  // namespace fude
