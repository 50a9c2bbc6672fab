// What computes matrix products.
//
//   fude::set_backend("openblas");                 // before a model is loaded or trained
//   std::cout << fude::backend_description();      // OpenBLAS 0.3.21 SkylakeX
#pragma once

#include <string>
#include <string_view>

namespace fude {

enum class Backend {
  kOpenBlas,  // always there
  kOneDnn,    // packs weights once; where it was found at build time
};

// What products are wanted for: training multiplies many rows at once, a text that is written a few.
enum class Work { kTraining, kWriting };

// From now on: auto, openblas or onednn. auto is the faster library for `work` on this processor; where that has AMX,
// bfloat16 numbers are multiplied by Fude's own products on its tiles, which are faster still. A network keeps what it
// was first used with. ConfigError for another word and for a library that this program was built without.
void set_backend(std::string_view name, Work work = Work::kWriting);
Backend backend();
// Whether products of bfloat16 numbers can be had with the backend set: on tiles, or by oneDNN on a CPU with
// instructions for them (AVX-512 BF16, AMX).
bool bf16_available();
// What multiplies floats, or `rounded` ones: the library and its kernels, as "OpenBLAS 0.3.21 SkylakeX" or
// "oneDNN 2.6.3 AVX-512", or "AMX tiles".
std::string backend_description(bool rounded = false);
// What keeps that library from this processor's speed and what helps, for people; mostly empty.
std::string backend_hint();
// The vector instructions for which Fude's own kernels were chosen on this processor, by Highway's name: AVX3, AVX2,
// NEON, SCALAR and so on.
std::string instruction_set();

}  // namespace fude
