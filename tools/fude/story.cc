#include "story.h"

#include "fude/base/error.h"
#include "fude/base/random.h"
#include "terminal.h"

namespace fude {
namespace {

// Steps that can be taken back. Each keeps a context: a network's state, and a number a symbol of the vocabulary.
constexpr size_t kMostSteps = 1000;

}  // namespace

Story::Story(const LanguageModel& model, uint64_t seed) : model_(&model), writer_(model, seed) {}

void Story::change(Writer next) {
  std::string text = writer_.exchange_text({});
  past_.push_back({std::move(writer_), text.size(), {}});
  if (!next.text().starts_with(text)) past_.back().text = std::move(text);
  if (past_.size() > kMostSteps) past_.pop_front();
  writer_ = std::move(next);
  before_writing_.reset();
}

Generation Story::go_on(std::string_view typed, const GenerateOptions& options, const TextCallback& callback,
                        const std::atomic<bool>* stop) {
  Writer reader = writer_;
  reader.read(typed, options.on_unknown);
  Writer next = reader;
  Generation generation = next.write(options, callback, stop);
  change(std::move(next));
  before_writing_ = std::move(reader);
  retries_ = 0;
  return generation;
}

Generation Story::retry(const GenerateOptions& options, const TextCallback& callback, const std::atomic<bool>* stop) {
  if (!before_writing_) throw DataError("the last step wrote nothing that could be written again", "go on first");
  Writer next = *before_writing_;
  next.reseed(derive_seed(before_writing_->seed(), ++retries_));
  Generation generation = next.write(options, callback, stop);
  writer_ = std::move(next);
  return generation;
}

bool Story::read(std::string_view text, OnUnknown policy, std::string_view name, const std::atomic<bool>* stop) {
  Writer next = writer_;
  if (!next.read(text, policy, name, stop)) return false;
  change(std::move(next));
  return true;
}

void Story::undo(int steps) {
  if (steps < 1) throw DataError("expected a number of steps from 1, got " + std::to_string(steps), "/undo 2");
  if (static_cast<size_t>(steps) > past_.size()) {
    throw DataError("only " + counted(static_cast<int64_t>(past_.size()), "step") + " can be taken back, not " +
                        std::to_string(steps),
                    "the story begins there; of a long one the last " + counted(kMostSteps, "step") + " are kept");
  }
  for (; steps > 0; --steps) {
    Past& last = past_.back();
    std::string text = last.text ? std::move(*last.text) : writer_.exchange_text({}).substr(0, last.size);
    writer_ = std::move(last.writer);
    writer_.exchange_text(std::move(text));
    past_.pop_back();
  }
  before_writing_.reset();
}

void Story::clear() { change(Writer(*model_, writer_.seed())); }

void Story::reseed(uint64_t seed) {
  writer_.reseed(seed);
  if (before_writing_) before_writing_->reseed(seed);
}

void Story::restore(std::string_view session) { change(Writer::restore(*model_, session)); }

}  // namespace fude
