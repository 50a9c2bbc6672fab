// What the SIMD kernels share: runs over columns, and σ, tanh, exp with a stated error. Compiled once for each
// instruction set that Highway dispatches to; only *_simd.cc files include it.
//
// Largest error against exact values, tested in tests/compute/simd_test.cc: exp 2e-7 relative (arguments below -87
// give exp(-87), above 87 exp(87)); σ 4e-7 relative; tanh 3e-7 relative. NaN stays NaN.
#if defined(FUDE_COMPUTE_KERNELS_SIMD_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef FUDE_COMPUTE_KERNELS_SIMD_INL_H_
#undef FUDE_COMPUTE_KERNELS_SIMD_INL_H_
#else
#define FUDE_COMPUTE_KERNELS_SIMD_INL_H_
#endif

#include <hwy/highway.h>

#include <cstddef>
#include <cstdint>

#include "compute/bfloat16.h"

HWY_BEFORE_NAMESPACE();
namespace fude {
namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

// Calls body(d, k) for k = 0 .. count - 1 in runs as long as the vectors of the tag d: full ones, then of 4, then of 1,
// so that nothing is read or written behind the end.
template <class Body>
HWY_INLINE void for_columns(size_t count, const Body& body) {
  const hn::ScalableTag<float> full;
  const hn::CappedTag<float, 4> four;
  const hn::CappedTag<float, 1> one;
  size_t k = 0;
  for (; k + hn::Lanes(full) <= count; k += hn::Lanes(full)) body(full, k);
  for (; k + hn::Lanes(four) <= count; k += hn::Lanes(four)) body(four, k);
  for (; k < count; ++k) body(one, k);
}

// Floats from and to either kind of memory.
template <class D>
HWY_INLINE hn::Vec<D> load(D d, const float* src) {
  return hn::LoadU(d, src);
}
template <class D>
HWY_INLINE void store(hn::Vec<D> value, D d, float* dst) {
  hn::StoreU(value, d, dst);
}
template <class D>
HWY_INLINE hn::Vec<D> load(D d, const BFloat16* src) {
  const hn::Rebind<uint16_t, D> half;
  const hn::RebindToUnsigned<D> whole;
  const auto bits = hn::PromoteTo(whole, hn::LoadU(half, reinterpret_cast<const uint16_t*>(src)));
  return hn::BitCast(d, hn::ShiftLeft<16>(bits));
}
// The nearest bfloat16 numbers, as floats; see BFloat16.
template <class D>
HWY_INLINE hn::Vec<D> round_to_bfloat16(D d, hn::Vec<D> value) {
  const hn::RebindToUnsigned<D> whole;
  const auto bits = hn::BitCast(whole, value);
  const auto odd = hn::And(hn::ShiftRight<16>(bits), hn::Set(whole, 1));
  const auto rounded = hn::Add(bits, hn::Add(odd, hn::Set(whole, 0x7FFF)));
  const auto quiet = hn::Or(bits, hn::Set(whole, 0x400000));
  const auto kept = hn::IfThenElse(hn::RebindMask(whole, hn::IsNaN(value)), quiet, rounded);
  return hn::BitCast(d, hn::And(kept, hn::Set(whole, 0xFFFF0000)));
}
template <class D>
HWY_INLINE void store(hn::Vec<D> value, D d, BFloat16* dst) {
  const hn::Rebind<uint16_t, D> half;
  const hn::RebindToUnsigned<D> whole;
  const hn::RebindToSigned<D> whole_signed;
  const auto upper = hn::ShiftRight<16>(hn::BitCast(whole, round_to_bfloat16(d, value)));
  hn::StoreU(hn::DemoteTo(half, hn::BitCast(whole_signed, upper)), half, reinterpret_cast<uint16_t*>(dst));
}

template <class D, class V = hn::Vec<D>>
HWY_INLINE V exponential(D d, V x) {
  // x = n ln 2 + r with |r| <= ln 2 / 2; e^r by a polynomial through Chebyshev's points, 2^n by the exponent's bits.
  const hn::RebindToSigned<D> di;
  x = hn::Min(hn::Set(d, 87.0f), hn::Max(hn::Set(d, -87.0f), x));  // this order lets NaN through
  const auto n = hn::NearestInt(hn::Mul(x, hn::Set(d, 1.44269504f)));
  const V whole = hn::ConvertTo(d, n);
  V r = hn::NegMulAdd(whole, hn::Set(d, 0.693359375f), x);
  r = hn::MulAdd(whole, hn::Set(d, 2.12194442e-4f), r);
  V p = hn::Set(d, 0.001392655074596405f);
  p = hn::MulAdd(p, r, hn::Set(d, 0.008363472297787666f));
  p = hn::MulAdd(p, r, hn::Set(d, 0.04166655242443085f));
  p = hn::MulAdd(p, r, hn::Set(d, 0.16666574776172638f));
  p = hn::MulAdd(p, r, hn::Set(d, 0.5f));
  p = hn::Add(hn::MulAdd(hn::Mul(r, r), p, r), hn::Set(d, 1.0f));
  return hn::Mul(p, hn::BitCast(d, hn::ShiftLeft<23>(hn::Add(n, hn::Set(di, 127)))));
}

// 1 / x for x >= 1.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V reciprocal(D d, V x) {
#if HWY_ARCH_X86
  const V r = hn::ApproximateReciprocal(x);
  return hn::Mul(r, hn::NegMulAdd(x, r, hn::Set(d, 2.0f)));
#else
  return hn::Div(hn::Set(d, 1.0f), x);
#endif
}

template <class D, class V = hn::Vec<D>>
HWY_INLINE V sigmoid(D d, V x) {
  return reciprocal(d, hn::Add(hn::Set(d, 1.0f), exponential(d, hn::Neg(x))));
}

template <class D, class V = hn::Vec<D>>
HWY_INLINE V hyperbolic_tangent(D d, V x) {
  // Beyond 10 it is 1 in float.
  const V size = hn::Min(hn::Set(d, 10.0f), hn::Abs(x)), square = hn::Mul(x, x);
  // Far from zero 1 - 2 / (e^2|x| + 1), near it an odd polynomial.
  const V power = exponential(d, hn::Add(size, size));
  const V far = hn::NegMulAdd(hn::Set(d, 2.0f), reciprocal(d, hn::Add(power, hn::Set(d, 1.0f))), hn::Set(d, 1.0f));
  V p = hn::Set(d, 0.002246001036837697f);
  p = hn::MulAdd(p, square, hn::Set(d, -0.008301692083477974f));
  p = hn::MulAdd(p, square, hn::Set(d, 0.021755699068307877f));
  p = hn::MulAdd(p, square, hn::Set(d, -0.05395759642124176f));
  p = hn::MulAdd(p, square, hn::Set(d, 0.1333329677581787f));
  p = hn::MulAdd(p, square, hn::Set(d, -0.3333333432674408f));
  const V near = hn::MulAdd(hn::Mul(x, square), p, x);
  return hn::IfThenElse(hn::Lt(size, hn::Set(d, 0.625f)), near, hn::CopySign(far, x));
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace fude
HWY_AFTER_NAMESPACE();

#endif
