#include "compute/kernels/transpose.h"

#include <cstdint>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "compute/kernels/transpose_simd.cc"
#include <hwy/foreach_target.h>

#include "compute/kernels/transpose-inl.h"

HWY_BEFORE_NAMESPACE();
namespace fude {
namespace HWY_NAMESPACE {
namespace {

void transpose_f32(size_t rows, size_t cols, size_t stride, const float* src, float* dst) {
  transpose_lanes<float>({src, rows, cols, stride}, dst, rows);
}
void transpose_bf16(size_t rows, size_t cols, size_t stride, const uint16_t* src, uint16_t* dst) {
  transpose_lanes<uint16_t>({src, rows, cols, stride}, dst, rows);
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace fude
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace fude {

HWY_EXPORT(transpose_f32);
HWY_EXPORT(transpose_bf16);

template <>
void transpose(MatrixView<const float> src, float* dst) {
  HWY_DYNAMIC_DISPATCH(transpose_f32)
  (static_cast<size_t>(src.rows), static_cast<size_t>(src.cols), static_cast<size_t>(src.stride), src.data, dst);
}

template <>
void transpose(MatrixView<const BFloat16> src, BFloat16* dst) {
  HWY_DYNAMIC_DISPATCH(transpose_bf16)
  (static_cast<size_t>(src.rows), static_cast<size_t>(src.cols), static_cast<size_t>(src.stride),
   reinterpret_cast<const uint16_t*>(src.data), reinterpret_cast<uint16_t*>(dst));
}

}  // namespace fude
#endif
