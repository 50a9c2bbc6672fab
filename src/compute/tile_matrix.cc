#include "compute/tile_matrix.h"

#include <algorithm>
#include <cassert>
#include <vector>

#include "compute/kernels/tiles.h"
#include "compute/kernels/transpose.h"

namespace fude {
namespace {

// Rows of the left operand for which a panel is read once, where there are so many.
constexpr int kLeastRows = 128;

int round_down(int number, int multiple) { return number / multiple * multiple; }

}  // namespace

void TileMatrix::lay_out(int k, int n) {
  if (k_ == k && n_ == n) return;
  k_ = k;
  n_ = n;
  layout_ = {kTileColumns, round_down(k + kTileDepth - 1, kTileDepth)};
  panels_ = static_cast<BFloat16*>(buffer_.make_room(layout_.size(n) * sizeof(BFloat16)));
  clear_padding(layout_, k, n, panels_);
}

void TileMatrix::pack(Transpose transpose, MatrixView<const BFloat16> b) {
  const bool turned = transpose == Transpose::kYes;
  lay_out(turned ? b.cols : b.rows, turned ? b.rows : b.cols);
  put_in_panels(layout_, transpose, b, 0, 0, panels_);
}

void TileMatrix::put(Transpose transpose, MatrixView<const float> part, int k, int n) {
  put_in_panels(layout_, transpose, part, k, n, panels_);
}

void TileMatrix::multiply(MatrixView<const BFloat16> a, float beta, MatrixView<float> dst) const {
  assert(a.cols == k_ && dst.cols == n_);
  constexpr int kNumbers = kTileScratch / sizeof(BFloat16);
  constexpr int kMostDepth = kNumbers / kLeastRows / kTileDepth * kTileDepth;
  if (k_ == 0) {
    for (int row = 0; beta == 0 && row < dst.rows; ++row)
      std::fill_n(dst.data + static_cast<size_t>(row) * static_cast<size_t>(dst.stride), dst.cols, 0.0f);
    return;
  }
  thread_local AlignedBuffer buffer;
  auto* const tiles = static_cast<BFloat16*>(buffer.make_room(kTileScratch));
  const auto at = [](const auto& view, int row, int col) {
    return view.data + static_cast<size_t>(row) * static_cast<size_t>(view.stride) + col;
  };
  const int most_rows = round_down(kNumbers / std::min(kMostDepth, layout_.depth), 2 * kTileRows);
  for (int row = 0; row < dst.rows; row += most_rows) {
    const int rows = std::min(most_rows, dst.rows - row);
    for (int k = 0; k < layout_.depth; k += kMostDepth) {
      const int depth = std::min(kMostDepth, layout_.depth - k);
      put_in_tiles({at(a, row, k), rows, std::min(depth, k_ - k), a.stride}, depth, tiles);
      multiply_tiles(tiles, depth, layout_, panels_, k, beta != 0 || k > 0, {at(dst, row, 0), rows, n_, dst.stride});
    }
  }
}

void tile_gemm(Transpose transpose_a, Transpose transpose_b, MatrixView<const BFloat16> a, MatrixView<const BFloat16> b,
               float beta, MatrixView<float> dst) {
  thread_local TileMatrix packed;
  packed.pack(transpose_b, b);
  if (transpose_a == Transpose::kNo) return packed.multiply(a, beta, dst);
  thread_local std::vector<BFloat16> turned;
  turned.resize(static_cast<size_t>(a.rows) * static_cast<size_t>(a.cols));
  transpose(a, turned.data());
  packed.multiply({turned.data(), a.cols, a.rows}, beta, dst);
}

}  // namespace fude
