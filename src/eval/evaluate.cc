#include "fude/eval/evaluate.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <span>

#include "fude/base/error.h"
#include "fude/text/unicode.h"

namespace fude {
namespace {

// Tokens fed at a time: bounds what a long document needs beside its ids.
constexpr size_t kChunk = 4096;

// Reads documents one after the other from the state after one <eos>.
class Reader {
 public:
  explicit Reader(const LanguageModel& model)
      : model_(&model), state_(model.start()), logits_(static_cast<size_t>(model.tokenizer().vocab_size())) {
    const TokenId eos = model.tokenizer().eos();
    model_->feed({&eos, 1}, state_, logits_);
  }

  // Calls sink(id, log_prob) for each token of the document and of its end.
  template <class Sink>
  void read(std::string_view document, const Sink& sink) {
    const Tokenizer& tokenizer = model_->tokenizer();
    ids_.clear();
    tokenizer.encode(document, ids_);
    if (!tokenizer.splits_on_whitespace()) ids_.push_back(tokenizer.eos());  // whitespace ends its lines itself
    for (size_t begin = 0; begin < ids_.size(); begin += kChunk) {
      const auto chunk = std::span<const TokenId>(ids_).subspan(begin, std::min(kChunk, ids_.size() - begin));
      const std::vector<double> log_probs = model_->feed(chunk, state_, logits_);
      for (size_t k = 0; k < chunk.size(); ++k) sink(chunk[k], log_probs[k]);
    }
  }

 private:
  const LanguageModel* model_;
  State state_;
  std::vector<float> logits_;
  std::vector<TokenId> ids_;
};

double bits_per(double nats, int64_t units) { return nats / std::numbers::ln2 / static_cast<double>(units); }

NumericError not_finite() {
  return NumericError("the loss of this text is no finite number", "the model's weights are too large to compute with");
}

DataError nothing_to_read() { return DataError("there is no text to evaluate", "give a file that is not empty"); }

}  // namespace

// Division by zero gives the NaN that the header promises, as then nats are zero, too.
double Evaluation::loss() const { return nats / static_cast<double>(tokens); }
double Evaluation::perplexity() const { return std::exp(loss()); }
double Evaluation::bits_per_char() const { return bits_per(nats, code_points); }
double Evaluation::bits_per_byte() const { return bits_per(nats, bytes); }

std::string why_not_comparable(const Tokenizer& tokenizer) {
  if (!tokenizer.loses_text()) return {};
  return "bits per character and byte of " +
         std::string(tokenizer.splits_on_whitespace()
                         ? "the whitespace tokenizer are without what it loses, white space and rare words"
                         : "this SentencePiece model are of another text: it loses characters, line ends or spaces") +
         ": compare them with nothing but each other";
}

Evaluation evaluate(const LanguageModel& model, const TextSource& documents) {
  Evaluation result;
  Reader reader(model);
  DecodeState decode_state;
  std::string decoded;
  documents([&](std::string_view document) {
    if (document.empty()) return;
    reader.read(document, [&](TokenId id, double log_prob) {
      result.nats -= log_prob;
      result.tokens += 1;
      decoded.clear();
      model.tokenizer().decode_step(id, decode_state, decoded);
      result.bytes += static_cast<int64_t>(decoded.size());
      result.code_points += static_cast<int64_t>(count_code_points(decoded));
    });
  });
  if (result.tokens == 0) throw nothing_to_read();
  if (!std::isfinite(result.nats)) throw not_finite();
  return result;
}

Evaluation evaluate(const LanguageModel& model, std::string_view text) {
  return evaluate(model, [text](const TextSink& sink) { sink(text); });
}

std::vector<TokenScore> score(const LanguageModel& model, std::string_view text) {
  if (text.empty()) throw nothing_to_read();
  std::vector<TokenScore> scores;
  Reader(model).read(text, [&](TokenId id, double log_prob) {
    if (!std::isfinite(log_prob)) throw not_finite();
    scores.push_back({id, model.tokenizer().display(id), log_prob});
  });
  return scores;
}

}  // namespace fude
