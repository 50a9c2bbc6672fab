// All of a text at once.
#pragma once

#include <string>
#include <string_view>

#include "fude/text/encoding.h"

namespace fude {

// UTF-8, with U+FFFD for what is undecodable.
inline std::string decoded_text(std::string_view bytes, std::string_view encoding) {
  std::string text;
  const auto append = [&](std::string_view part) { text += part; };
  TextDecoder decoder(encoding, OnInvalid::kReplace, "");
  decoder.push(bytes, append);
  decoder.finish(append);
  return text;
}

}  // namespace fude
