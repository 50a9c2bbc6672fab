#include "data/batcher.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "base/problems.h"
#include "fude/base/error.h"
#include "fude/base/random.h"

namespace fude {
namespace {

constexpr int kShortestDrawn = 5;
constexpr double kLengthDeviation = 5;
constexpr double kHalfLengthShare = 0.05;
// Words of the random sequence that belong to one window: enough for a uniform (2) and a normal (4) draw.
constexpr uint64_t kWordsPerWindow = 8;
// B × T at most, so that positions in a window fit an int with room to spare.
constexpr int64_t kLargestWindow = int64_t{1} << 28;

}  // namespace

void BatchOptions::validate() const {
  Problems problems;
  problems.unless(batch_size >= 1, "batch_size must be at least 1, got " + std::to_string(batch_size));
  problems.unless(seq_length >= 1, "seq_length must be at least 1, got " + std::to_string(seq_length));
  problems.unless(batch_size * longest_window() <= kLargestWindow,
                  "batch_size times the longest window must be at most " + std::to_string(kLargestWindow) + ", got " +
                      std::to_string(batch_size * longest_window()));
  problems.unless(stride >= 0 && stride <= seq_length,
                  "stride must be from 1 to seq_length, or 0 for seq_length, got " + std::to_string(stride));
  problems.unless(!random_length || stride == 0, "random_length and stride cannot go together");
  problems.raise();
}

Batcher::Batcher(const TokenStore& store, BatchOptions options) : store_(&store), options_(options) {
  options_.validate();
  const int64_t predictions = store.size() - 1;
  if (predictions < 1) {
    throw DataError("at least 2 tokens are needed to train on, got " + std::to_string(store.size()), "give more text");
  }
  options_.batch_size = static_cast<int>(std::min<int64_t>(options_.batch_size, predictions));
  longest_ = (predictions + options_.batch_size - 1) / options_.batch_size;
}

void Batcher::seek(const BatchCursor& cursor) {
  if (cursor.epoch < 0 || cursor.window < 0 || cursor.offset < 0 || cursor.offset >= longest_) {
    throw DataError(
        "no place " + std::to_string(cursor.offset) + " in streams of " + std::to_string(longest_) + " tokens",
        "the place was saved for another text or batch size");
  }
  cursor_ = cursor;
}

int Batcher::window_length() const {
  const int length = options_.seq_length;
  if (!options_.random_length) return length;
  Random random(derive_seed(options_.seed, "window length"));
  random.seek(static_cast<uint64_t>(cursor_.window) * kWordsPerWindow);
  const double mean = random.uniform() < kHalfLengthShare ? length / 2.0 : length;
  const double drawn = std::floor(mean + kLengthDeviation * random.normal());
  const auto longest = static_cast<double>(options_.longest_window());
  return static_cast<int>(std::clamp<double>(drawn, kShortestDrawn, longest));
}

int64_t Batcher::windows_per_epoch() const {
  const int64_t length = options_.seq_length;
  if (options_.random_length) {
    const double mean = (1 - kHalfLengthShare / 2) * static_cast<double>(length);
    return static_cast<int64_t>(std::ceil(static_cast<double>(longest_) / std::max<double>(mean, kShortestDrawn)));
  }
  if (longest_ <= length) return 1;
  const int64_t stride = options_.stride > 0 ? options_.stride : length;
  return 1 + (longest_ - length + stride - 1) / stride;
}

void Batcher::next(Batch& batch) {
  const int length = window_length();
  const int stride = options_.stride > 0 ? options_.stride : length;
  const bool last = cursor_.offset + length >= longest_;
  batch.steps = static_cast<int>(std::min<int64_t>(length, longest_ - cursor_.offset));
  batch.batch_size = options_.batch_size;
  batch.predictions = 0;
  batch.carry = last ? batch.steps : stride;
  batch.first = cursor_.offset == 0;

  const auto steps_at_most = std::min(longest_, options_.longest_window());
  const auto width = static_cast<size_t>(batch.batch_size);
  const size_t largest = static_cast<size_t>(steps_at_most) * width;
  batch.inputs.reserve(largest);
  batch.targets.reserve(largest);
  batch.reset.reserve(largest);
  tokens_.reserve(static_cast<size_t>(steps_at_most) + 1);
  batch.inputs.resize(static_cast<size_t>(batch.steps) * width);
  batch.targets.assign(batch.inputs.size(), Batch::kIgnore);
  batch.reset.assign(batch.inputs.size(), 0);

  const int counted_before = batch.first ? 0 : length - stride;
  for (int stream = 0; stream < batch.batch_size; ++stream) fill_stream(batch, stream, counted_before);

  cursor_.window += 1;
  cursor_.offset += stride;
  if (last) {
    cursor_.offset = 0;
    cursor_.epoch += 1;
  }
}

void Batcher::fill_stream(Batch& batch, int stream, int counted_before) {
  const int64_t predictions = store_->size() - 1;
  const int64_t begin = stream * predictions / batch.batch_size + cursor_.offset;
  const int64_t end = (stream + 1) * predictions / batch.batch_size;
  const auto steps = static_cast<size_t>(batch.steps);
  const auto width = static_cast<size_t>(batch.batch_size);
  const auto filled = static_cast<size_t>(std::clamp<int64_t>(end - begin, 0, batch.steps));
  // One token more than steps: the last target. What lies behind a short stream's end repeats it as an input.
  tokens_.resize(filled + 1);
  store_->read(begin, tokens_);
  for (size_t t = 0, at = static_cast<size_t>(stream); t < steps; ++t, at += width) {
    batch.inputs[at] = tokens_[std::min(t, filled)];
    if (t >= static_cast<size_t>(counted_before) && t < filled) {
      batch.targets[at] = tokens_[t + 1];
      batch.predictions += 1;
    }
  }
  if (!options_.reset_at_documents) return;
  const auto ends = store_->document_ends();
  const auto first = static_cast<uint64_t>(begin);
  // A document's own state begins with the <eos> of the one before it, as a written text begins.
  for (auto it = std::upper_bound(ends.begin(), ends.end(), first); it != ends.end() && *it <= first + filled; ++it)
    batch.reset[(*it - 1 - first) * width + static_cast<size_t>(stream)] = 1;
}

}  // namespace fude
