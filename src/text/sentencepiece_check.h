// SentencePiece follows the jumps of a model's normalization table without looking where they lead, so a damaged or
// hostile table would send it outside its memory. This looks first.
#pragma once

#include <string>
#include <string_view>

namespace fude {

// What an error says to do when a file is no tokenizer.
inline constexpr char kNoModelHint[] =
    "give a .model file that SentencePiece has written, or a file of `fude tokenizer train`";

// The library trusts a model. FormatError that begins with `where` for what would make it read outside its memory or
// overflow its stack: bytes that are no ModelProto, a normalization table that leads outside itself, a piece of more
// than 4,096 bytes, more user-defined pieces or replacements that begin at one place than it has room for.
void check_sentencepiece_model(std::string_view model, const std::string& where);

}  // namespace fude
