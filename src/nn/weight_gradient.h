// Gradients of weights: sums over the rows of a window, dW (M,N) = Σ diff (rows,M)ᵀ · src (rows,N).
//
// They are divided over threads by outputs: tasks are the same for any number of threads, and so is every sum's order.
#pragma once

#include <algorithm>
#include <mutex>
#include <vector>

#include "compute/gemm.h"
#include "compute/kernels/transpose.h"
#include "fude/base/threads.h"
#include "nn/division.h"

namespace fude {

// Outputs (M) that are one task.
constexpr int kGradientOutputs = 352;
// Rows whose products' sum is one part of a gradient: more would not stay in the cache.
constexpr int kGradientRows = 768;

inline size_t turned_size(int rows, int outputs) {
  return static_cast<size_t>(std::min(rows, kGradientRows)) * static_cast<size_t>(std::min(outputs, kGradientOutputs));
}

// The right operand: rows of a window, packed part by part, to be multiplied with by every task.
template <class Real, class Store>
class GradientRows {
 public:
  // Before pack(), by one thread.
  void set(const Store* src, int rows, int cols) {
    src_ = {src, rows, cols};
    packed_.resize(std::max(packed_.size(), static_cast<size_t>(parts())));
  }
  const MatrixView<const Store>& source() const { return src_; }
  int parts() const { return parts_of(src_.rows, kGradientRows); }
  Range part(int part) const { return part_in_tiles(src_.rows, parts(), part); }

  // Of one part, by any thread.
  void pack(int part) {
    const Range rows = this->part(part);
    const Store* const src = src_.data + static_cast<size_t>(rows.begin) * static_cast<size_t>(src_.cols);
    packed_[static_cast<size_t>(part)].pack(Transpose::kNo, {src, rows.size(), src_.cols});
  }
  // dst (M,N) = turned (M, rows of the part) · those rows, the first part in place of what was there, unless all `add`.
  void multiply(int part, MatrixView<const Store> turned, bool add, Real* dst) const {
    packed_[static_cast<size_t>(part)].multiply(turned, Real(add || part > 0), {dst, turned.rows, src_.cols});
  }

 private:
  MatrixView<const Store> src_;
  std::vector<PackedMatrix<Real, Store>> packed_;
};

// Room for the left operand's transpose, one a thread.
template <class Store>
class TurnedRows {
 public:
  // For left operands of at most so many rows and outputs; neither counts beyond kGradientRows and kGradientOutputs.
  // Before any turn(), by one thread.
  void make_room(int rows, int outputs) {
    const std::lock_guard lock(mutex_);
    buffers_.resize(std::max(buffers_.size(), static_cast<size_t>(threads())));
    free_.clear();
    for (auto& buffer : buffers_) {
      buffer.resize(std::max(buffer.size(), turned_size(rows, outputs)));
      free_.push_back(&buffer);
    }
  }
  // Calls use(diffᵀ) with a view that is valid meanwhile.
  template <class Use>
  void turn(MatrixView<const Store> diff, const Use& use) {
    std::vector<Store>* const buffer = borrow();
    transpose(diff, buffer->data());
    use(MatrixView<const Store>(buffer->data(), diff.cols, diff.rows));
    const std::lock_guard lock(mutex_);
    free_.push_back(buffer);
  }

  // Numbers that there is room for.
  size_t size() const {
    size_t sum = 0;
    for (const auto& buffer : buffers_) sum += buffer.size();
    return sum;
  }

 private:
  std::vector<Store>* borrow() {
    const std::lock_guard lock(mutex_);
    std::vector<Store>* const buffer = free_.back();
    free_.pop_back();
    return buffer;
  }

  std::mutex mutex_;
  std::vector<std::vector<Store>> buffers_;
  std::vector<std::vector<Store>*> free_;
};

}  // namespace fude
