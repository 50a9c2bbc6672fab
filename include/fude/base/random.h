// Random numbers that are passed, never found: a counter-based generator (Philox4x32-10; Salmon et al., "Parallel
// random numbers: as easy as 1, 2, 3", SC 2011). Seed and stream name a sequence, the position names a place in it, so
// any place can be reached at once, and (seed, stream, position) is all there is to save.
//
//   fude::Random random(/*seed=*/7, /*stream=*/0);
//   double u = random.uniform();             // in [0, 1)
//   auto here = random.position();           // save ...
//   random.seek(here);                       // ... and come back
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace fude {

// The four 32-bit words at `counter` of the sequence (seed, stream): the pure function under Random.
std::array<uint32_t, 4> philox(uint64_t seed, uint64_t stream, uint64_t counter);

// A seed for one purpose ("dropout", an item's id) made from another seed; equal input, equal output, on every machine.
uint64_t derive_seed(uint64_t seed, std::string_view purpose);
uint64_t derive_seed(uint64_t seed, uint64_t purpose);

// A seed from the operating system, below 2^53 so that it survives every JSON reader.
uint64_t random_seed();

class Random {
 public:
  explicit Random(uint64_t seed, uint64_t stream = 0) : seed_(seed), stream_(stream) {}

  uint32_t next_u32();
  uint64_t next_u64();
  // Uniform in [0, 1), 53 random bits.
  double uniform();
  // Standard normal (Box-Muller; uses two uniforms each call).
  double normal();
  // Uniform in [0, bound), without bias; bound > 0.
  uint64_t below(uint64_t bound);

  uint64_t seed() const { return seed_; }
  uint64_t stream() const { return stream_; }
  // Counted in 32-bit words since the start.
  uint64_t position() const { return position_; }
  void seek(uint64_t position) { position_ = position; }

 private:
  uint64_t seed_;
  uint64_t stream_;
  uint64_t position_ = 0;
};

}  // namespace fude
