// gzip and zstd archives, in whatever portions they are read.
#include "data/byte_source.h"
#include "fuzz/fuzz.h"

using namespace fude;

namespace {

// What a bomb may give before the target has seen enough of it.
constexpr size_t kEnough = size_t{1} << 15;

// All that is unpacked, and whether the archive was whole.
std::pair<std::string, bool> unpacked(std::string_view archive, size_t portion) {
  std::string all, out(portion, '\0');
  try {
    const auto source = unpack(std::make_unique<MemorySource>(archive), "archive");
    while (all.size() < kEnough) {
      const size_t size = source->read(out);
      expect(size <= portion, "no more is read than was asked for");
      all.append(out, 0, size);
      if (size < portion) return {all, true};
    }
  } catch (const DataError&) {
    return {all, false};
  }
  return {all, true};
}

}  // namespace

FUDE_FUZZ(FuzzInput input) {
  const size_t portion = size_t{1} + input.byte() * size_t{16};
  const auto [few, few_whole] = unpacked(input.rest(), portion);
  const auto [all, all_whole] = unpacked(input.rest(), kEnough);
  const bool seen_whole = few.size() + portion < kEnough;  // or the one may have seen what the other has not come to
  expect(!seen_whole || few_whole == all_whole, "portions do not decide whether an archive is damaged");
  expect(!all_whole || all.starts_with(few.substr(0, kEnough)), "portions do not change what is unpacked");
  expect(!seen_whole || !all_whole || few == all, "portions do not change how much is unpacked");
}
