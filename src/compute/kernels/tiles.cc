#include "compute/kernels/tiles.h"

#if defined(__x86_64__) && defined(__linux__)

#include <cpuid.h>
#include <immintrin.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstring>

// Compiled for processors with AMX, whatever the rest of the program is compiled for.
#define FUDE_TILES __attribute__((target("avx512f,avx512bw,amx-tile,amx-bf16")))

namespace fude {
namespace {

// What four tiles of sums hold.
constexpr size_t kRowsAtOnce = 2 * kTileRows, kColumnsAtOnce = 2 * kTileColumns;
constexpr size_t kTileNumbers = size_t{kTileRows} * kTileDepth;
// So many bytes of panels are multiplied by all rows before the next: they stay in a core's own cache. As many columns
// of a row are written together; column by column would be page by page.
constexpr size_t kPanelBytes = size_t{1} << 19;
constexpr size_t kTileStride = kTileDepth * sizeof(BFloat16);

// GCC does not know how much the instructions read that load tiles and their configuration. From here it is written.
inline void keep_order(const void* what) { asm volatile("" ::"r"(what) : "memory"); }

// What `ldtilecfg` reads.
struct alignas(64) TileConfig {
  uint8_t palette = 1;
  uint8_t start_row = 0;
  uint8_t reserved[14] = {};
  uint16_t row_bytes[16] = {};
  uint8_t rows[16] = {};
};

// Tiles 0 to 3 are sums, of two blocks of rows by two panels; 4 and 5 are of these rows, 6 and 7 of these panels.
FUDE_TILES void configure(int first_rows, int second_rows) {
  TileConfig config;
  const int rows[] = {first_rows, first_rows, second_rows, second_rows, first_rows, second_rows, kTileRows, kTileRows};
  for (int tile = 0; tile < 8; ++tile) {
    config.rows[tile] = static_cast<uint8_t>(rows[tile]);
    config.row_bytes[tile] = rows[tile] > 0 ? kTileStride : 0;
  }
  keep_order(&config);
  _tile_loadconfig(&config);
}

// Where a block of rows and the next, a panel and the next begin.
struct Operands {
  const BFloat16 *rows, *next_rows, *panel, *next_panel;
  size_t depth;  // in tiles
};

// kRows blocks of rows by kColumns panels, each 1 or 2.
template <int kRows, int kColumns>
FUDE_TILES inline void multiply_block(Operands from, bool add, float* dst, size_t dst_stride) {
  const size_t stride = dst_stride * sizeof(float);
  float* const below = dst + kTileRows * dst_stride;
  if (add) {
    _tile_loadd(0, dst, stride);
    if constexpr (kColumns > 1) _tile_loadd(1, dst + kTileColumns, stride);
    if constexpr (kRows > 1) _tile_loadd(2, below, stride);
    if constexpr (kRows > 1 && kColumns > 1) _tile_loadd(3, below + kTileColumns, stride);
  } else {
    _tile_zero(0);
    if constexpr (kColumns > 1) _tile_zero(1);
    if constexpr (kRows > 1) _tile_zero(2);
    if constexpr (kRows > 1 && kColumns > 1) _tile_zero(3);
  }
  for (size_t block = 0; block < from.depth; ++block) {  // something to multiply between two loads
    const size_t at = block * kTileNumbers;
    _tile_loadd(6, from.panel + at, kTileStride);
    _tile_loadd(4, from.rows + at, kTileStride);
    _tile_dpbf16ps(0, 4, 6);
    if constexpr (kColumns > 1) _tile_loadd(7, from.next_panel + at, kTileStride);
    if constexpr (kColumns > 1) _tile_dpbf16ps(1, 4, 7);
    if constexpr (kRows > 1) _tile_loadd(5, from.next_rows + at, kTileStride);
    if constexpr (kRows > 1) _tile_dpbf16ps(2, 5, 6);
    if constexpr (kRows > 1 && kColumns > 1) _tile_dpbf16ps(3, 5, 7);
  }
  _tile_stored(0, dst, stride);
  if constexpr (kColumns > 1) _tile_stored(1, dst + kTileColumns, stride);
  if constexpr (kRows > 1) _tile_stored(2, below, stride);
  if constexpr (kRows > 1 && kColumns > 1) _tile_stored(3, below + kTileColumns, stride);
}

void copy_rows(size_t rows, size_t columns, const float* src, size_t src_stride, float* dst, size_t dst_stride) {
  for (; rows > 0; --rows, src += src_stride, dst += dst_stride) std::memcpy(dst, src, columns * sizeof(float));
}

// `rows` of one block or two, which the tiles are configured for, by the panels of some columns.
template <int kRows>
FUDE_TILES inline void multiply_rows(size_t rows, Operands from, size_t panel_size, size_t columns, bool add,
                                     float* dst, size_t dst_stride) {
  for (size_t column = 0; column < columns; column += kColumnsAtOnce, from.panel += 2 * panel_size) {
    const size_t width = std::min(kColumnsAtOnce, columns - column);
    const auto multiply = width > kTileColumns ? multiply_block<kRows, 2> : multiply_block<kRows, 1>;
    float* const to = dst + column;
    from.next_panel = from.panel + panel_size;
    if (width % kTileColumns == 0) {
      multiply(from, add, to, dst_stride);
      continue;
    }
    float sums[kRowsAtOnce * kColumnsAtOnce];  // of whole panels
    if (add) copy_rows(rows, width, to, dst_stride, sums, kColumnsAtOnce);
    keep_order(sums);
    multiply(from, add, sums, kColumnsAtOnce);
    copy_rows(rows, width, sums, kColumnsAtOnce, to, dst_stride);
  }
}

bool processor_has_tiles() {
  constexpr uint32_t kAvx512 = 1U << 16 | 1U << 30;  // F and BW
  constexpr uint32_t kAmx = 1U << 22 | 1U << 24;     // BF16 and TILE
  constexpr uint32_t kOsXsave = 1U << 27;
  constexpr uint32_t kStates = 0x600E6;  // SSE, AVX, three of AVX-512, two of tiles
  uint32_t a = 0, b = 0, c = 0, d = 0;
  if (__get_cpuid(1, &a, &b, &c, &d) == 0 || (c & kOsXsave) == 0) return false;
  uint32_t lower = 0, upper = 0;
  asm volatile("xgetbv" : "=a"(lower), "=d"(upper) : "c"(0));
  if ((lower & kStates) != kStates) return false;
  return __get_cpuid_count(7, 0, &a, &b, &c, &d) != 0 && (b & kAvx512) == kAvx512 && (d & kAmx) == kAmx;
}

bool system_lets_use_tiles() {
  constexpr int kRequestPermission = 0x1023, kTileData = 18;  // arch_prctl(ARCH_REQ_XCOMP_PERM, XFEATURE_XTILEDATA)
  return syscall(SYS_arch_prctl, kRequestPermission, kTileData) == 0;
}

}  // namespace

bool tiles_available() {
  static const bool available = processor_has_tiles() && system_lets_use_tiles();
  return available;
}

FUDE_TILES void put_in_tiles(MatrixView<const BFloat16> a, int depth, BFloat16* tiles) {
  const size_t block = static_cast<size_t>(kTileRows) * static_cast<size_t>(depth);
  for (int row = 0; row < a.rows; ++row) {
    const BFloat16* const src = a.data + static_cast<size_t>(row) * static_cast<size_t>(a.stride);
    BFloat16* dst = tiles + static_cast<size_t>(row / kTileRows) * block + row % kTileRows * kTileDepth;
    for (int k = 0; k < depth; k += kTileDepth, dst += kTileNumbers) {
      const int count = std::min(kTileDepth, a.cols - k);
      const uint32_t there = count == kTileDepth ? ~uint32_t{0} : (uint32_t{1} << count) - 1;
      _mm512_storeu_si512(dst, _mm512_maskz_loadu_epi16(there, src + k));
    }
  }
}

FUDE_TILES void multiply_tiles(const BFloat16* tiles, int depth, const PanelLayout& layout, const BFloat16* panels,
                               int k, bool add, MatrixView<float> dst) {
  const auto rows = static_cast<size_t>(dst.rows), columns = static_cast<size_t>(dst.cols);
  const auto stride = static_cast<size_t>(dst.stride), tile_depth = static_cast<size_t>(depth / kTileDepth);
  const size_t panel = layout.panel_size(), panel_bytes = tile_depth * kTileNumbers * sizeof(BFloat16);
  const size_t whole = rows - rows % kRowsAtOnce;
  panels += static_cast<size_t>(k) * kTileColumns;
  const auto operands = [&](size_t row, size_t column) {
    const BFloat16* const first = tiles + row / kTileRows * tile_depth * kTileNumbers;
    const BFloat16* const first_panel = panels + column / kTileColumns * panel;
    return Operands{first, first + tile_depth * kTileNumbers, first_panel, first_panel, tile_depth};
  };
  keep_order(tiles);
  if (whole > 0) {
    configure(kTileRows, kTileRows);
    const size_t together = std::max<size_t>(1, kPanelBytes / (2 * panel_bytes)) * kColumnsAtOnce;
    for (size_t column = 0; column < columns; column += together)
      for (size_t row = 0; row < whole; row += kRowsAtOnce)
        multiply_rows<2>(kRowsAtOnce, operands(row, column), panel, std::min(together, columns - column), add,
                         dst.data + row * stride + column, stride);
  }
  const size_t left = rows - whole;
  float* const to = dst.data + whole * stride;
  if (left > kTileRows) {
    configure(kTileRows, static_cast<int>(left) - kTileRows);
    multiply_rows<2>(left, operands(whole, 0), panel, columns, add, to, stride);
  } else if (left > 0) {
    configure(static_cast<int>(left), 0);
    multiply_rows<1>(left, operands(whole, 0), panel, columns, add, to, stride);
  }
  _tile_release();
}

}  // namespace fude

#else

namespace fude {

bool tiles_available() { return false; }
void put_in_tiles(MatrixView<const BFloat16>, int, BFloat16*) {}
void multiply_tiles(const BFloat16*, int, const PanelLayout&, const BFloat16*, int, bool, MatrixView<float>) {}

}  // namespace fude

#endif
