// Text in other encodings, and back.
#pragma once

#include <gtest/gtest.h>
#include <unicode/ucnv.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "fude/text/encoding.h"

namespace fude {

// `text` in ICU's encoding of this name.
inline std::string encoded(std::string_view text, const char* name) {
  UErrorCode status = U_ZERO_ERROR;
  std::string bytes(text.size() * 8 + 16, '\0');
  const int32_t size = ucnv_convert(name, "UTF-8", bytes.data(), static_cast<int32_t>(bytes.size()), text.data(),
                                    static_cast<int32_t>(text.size()), &status);
  EXPECT_TRUE(U_SUCCESS(status)) << u_errorName(status);
  bytes.resize(static_cast<size_t>(size));
  return bytes;
}

struct Decoded {
  std::string text;
  int64_t invalid;
  bool mark;
};

// Decoded in pieces of `step` bytes.
inline Decoded decode(std::string_view bytes, const std::string& encoding, OnInvalid on_invalid = OnInvalid::kError,
                      size_t step = std::string_view::npos) {
  std::string text;
  const auto sink = [&](std::string_view piece) { text += piece; };
  TextDecoder decoder(encoding, on_invalid, "a.txt");
  for (; !bytes.empty(); bytes.remove_prefix(std::min(step, bytes.size()))) decoder.push(bytes.substr(0, step), sink);
  decoder.finish(sink);
  return {text, decoder.invalid(), decoder.had_byte_order_mark()};
}

}  // namespace fude
