#include <sentencepiece_trainer.h>

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "fude/base/error.h"
#include "fude/base/random.h"
#include "fude/text/unicode.h"
#include "text/code_point_map.h"
#include "text/sentencepiece_model.h"
#include "text/vocabulary.h"

namespace fude {
namespace {

// Learning looks at about this much text; of more, at sentences drawn evenly from all of it. Reading on costs minutes
// and memory and changes hardly any piece.
constexpr size_t kSampleBytes = size_t{8} << 20;
// Lines are cut here, which keeps them far below the length at which SentencePiece would leave them out.
constexpr size_t kLongestSentence = 4096;
constexpr int kReservedPieces = 2 + 256;  // <eos>, <unk>, bytes
// Pieces of their own, where the text has them.
constexpr char32_t kOwnPieces[] = {U'\n', U'\t', U'\r'};
// SentencePiece's own marks (for space and for unknown characters), and what its tables cannot hold. Written in bytes.
constexpr char32_t kNeverPieces[] = {U'\0', U'\u2581', U'\u2585'};

template <size_t N>
bool contains(const char32_t (&list)[N], char32_t code_point) {
  return std::find(std::begin(list), std::end(list), code_point) != std::end(list);
}

class Sentences : public sentencepiece::SentenceIterator {
 public:
  explicit Sentences(const std::vector<std::string>& sentences) : sentences_(sentences) {}
  bool done() const override { return next_ >= sentences_.size(); }
  void Next() override { ++next_; }
  const std::string& value() const override { return sentences_[next_]; }
  sentencepiece::util::Status status() const override { return {}; }

 private:
  const std::vector<std::string>& sentences_;
  size_t next_ = 0;
};

// The characters that become pieces. Rare ones stay out where they would leave no room for longer pieces: they are
// written in bytes.
std::vector<char32_t> choose_alphabet(const CodePointCounts& counts, int pieces) {
  std::vector<char32_t> alphabet;
  for (const char32_t code_point : counts.most_frequent(static_cast<size_t>(pieces))) {
    if (!contains(kOwnPieces, code_point) && !contains(kNeverPieces, code_point)) alphabet.push_back(code_point);
  }
  return alphabet;
}

// Runs of characters of the alphabet, none longer than a sentence may be.
void for_each_sentence(std::string_view text, const CodePointMap& alphabet, const TextSink& visit) {
  size_t begin = 0;
  const auto end_sentence = [&](size_t end) {
    if (end > begin) visit(text.substr(begin, end - begin));
  };
  for (size_t offset = 0; offset < text.size();) {
    const size_t at = offset;
    const bool inside = alphabet.find(next_code_point(text, offset)) != CodePointMap::kNone;
    if (inside && offset - begin <= kLongestSentence) continue;
    end_sentence(at);
    begin = inside ? at : offset;
  }
  end_sentence(text.size());
}

}  // namespace

std::string train_sentencepiece(const PieceTraining& options, const TextVisits& for_each_text) {
  CodePointCounts counts;
  size_t total_bytes = 0;
  for_each_text([&](std::string_view text) {
    counts.add(text);
    total_bytes += text.size();
  });
  CodePointMap alphabet;
  for (const char32_t code_point : choose_alphabet(counts, (options.vocab_size - kReservedPieces) * 3 / 4))
    alphabet.set(code_point, 0);

  std::vector<std::string> sentences;
  Random random(options.seed);
  const double share = static_cast<double>(kSampleBytes) / static_cast<double>(std::max(total_bytes, kSampleBytes));
  for_each_text([&](std::string_view text) {
    for_each_sentence(text, alphabet, [&](std::string_view sentence) {
      if (random.uniform() < share) sentences.emplace_back(sentence);
    });
  });
  if (sentences.empty())
    throw DataError("the text holds no characters to learn pieces from", "give more text, or use --tokenizer char");

  std::string own_pieces;
  for (const char32_t code_point : kOwnPieces) {
    if (counts.count(code_point) == 0) continue;
    if (!own_pieces.empty()) own_pieces += ',';
    append_utf8(own_pieces, code_point);
  }
  std::unordered_map<std::string, std::string> settings = {
      {"model_type", options.model_type},
      {"vocab_size", std::to_string(options.vocab_size)},
      {"hard_vocab_limit", "false"},
      {"eos_id", "0"},
      {"eos_piece", "<eos>"},
      {"unk_id", "1"},
      {"unk_piece", "<unk>"},
      {"bos_id", "-1"},
      {"pad_id", "-1"},
      {"byte_fallback", "true"},
      {"character_coverage", "1"},
      {"normalization_rule_name", "identity"},
      {"add_dummy_prefix", "false"},
      {"remove_extra_whitespaces", "false"},
      {"allow_whitespace_only_pieces", "true"},
      {"max_sentence_length", std::to_string(2 * kLongestSentence)},
      // One thread: sums of floats in another order would make another model.
      {"num_threads", "1"},
      // Nothing on standard error: a failure comes back as a status.
      {"minloglevel", "3"},
  };
  if (!own_pieces.empty()) settings["user_defined_symbols"] = own_pieces;
  Sentences iterator(sentences);
  std::string model;
  const auto status = sentencepiece::SentencePieceTrainer::Train(settings, &iterator, &model);
  if (!status.ok()) throw DataError(std::string("SentencePiece cannot learn from this text: ") + status.message());
  return model;
}

}  // namespace fude
