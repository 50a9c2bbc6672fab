// A tokenizer as a file of its own: {"fude_tokenizer": 1, "tokenizer": {...}, "blob": "<base64>"}.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "fude/text/tokenizer.h"

namespace fude {

void save_tokenizer_file(const Tokenizer& tokenizer, const std::filesystem::path& path);
// A tokenizer that is there already: a file of save_tokenizer_file, or a SentencePiece model, told apart by what is in
// them. Total: a tokenizer, or an IoError or FormatError that names the file.
std::unique_ptr<Tokenizer> open_tokenizer(const std::filesystem::path& path);

}  // namespace fude
