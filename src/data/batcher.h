// Token stores cut into batches for truncated back-propagation through time: B parallel streams, windows of T, state
// carried.
//
// Stream b of an epoch covers predictions [b*P/B, (b+1)*P/B) of the P = N-1 (token → next token) predictions of the
// store, so every token is used; streams differ by at most one in length, and what a short stream lacks in the last
// window is masked.
#pragma once

#include <cstdint>
#include <vector>

#include "data/token_store.h"
#include "fude/data/batch_options.h"

namespace fude {

// One window. All arrays are time-major, T rows of B.
struct Batch {
  static constexpr TokenId kIgnore = -1;

  int steps = 0;       // T of this window
  int batch_size = 0;  // B
  std::vector<TokenId> inputs;
  std::vector<TokenId> targets;  // kIgnore: no prediction is counted here
  std::vector<uint8_t> reset;    // 1: the state is zeroed before this position
  int64_t predictions = 0;       // targets that count
  int carry = 0;       // the next window starts from the state after this many steps (steps unless windows overlap)
  bool first = false;  // first window of an epoch: the caller starts from a zero state
};

// A place in the data: all there is to save. The window's position is in predictions from the streams' starts.
struct BatchCursor {
  int64_t epoch = 0;   // whole epochs given so far
  int64_t offset = 0;  // of the next window
  int64_t window = 0;  // windows since the start of training: the counter of the random lengths
};

class Batcher {
 public:
  // `store` must outlive the batcher. B is lowered to the number of predictions when there are fewer. DataError when
  // the store holds fewer than two tokens.
  Batcher(const TokenStore& store, BatchOptions options);

  // The next window; after an epoch's last window the next epoch begins by itself. Allocates only when `batch` is new.
  void next(Batch& batch);
  // True when the window just given was the last of its epoch.
  bool epoch_ended() const { return cursor_.offset == 0 && cursor_.window > 0; }

  const BatchCursor& cursor() const { return cursor_; }
  // DataError for a place that the store does not have.
  void seek(const BatchCursor& cursor);
  // Windows an epoch (an estimate when lengths are random).
  int64_t windows_per_epoch() const;
  // As given, but with the batch size that is used.
  const BatchOptions& options() const { return options_; }

 private:
  // Length of the window at the cursor before the streams' end cuts it.
  int window_length() const;
  // One column of the batch; targets of the first `counted_before` steps were counted by the window before.
  void fill_stream(Batch& batch, int stream, int counted_before);

  const TokenStore* store_;
  BatchOptions options_;
  BatchCursor cursor_;
  int64_t longest_ = 0;          // predictions of the longest stream
  std::vector<TokenId> tokens_;  // one stream's part of the window
};

}  // namespace fude
