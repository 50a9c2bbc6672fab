// SentencePiece follows the jumps of a model's normalization table without looking where they lead, so a damaged or
// hostile table would send it outside its memory. This looks first.
#pragma once

#include <string>
#include <string_view>

namespace fude {

// What an error says to do when a file is no tokenizer.
inline constexpr char kNoModelHint[] =
    "give a .model file that SentencePiece has written, or a file of `fude tokenizer train`";

// FormatError that begins with `where` when the bytes are no ModelProto, when a table in it leads outside itself, and
// for a piece of more than 4,096 bytes.
void check_sentencepiece_model(std::string_view model, const std::string& where);

}  // namespace fude
