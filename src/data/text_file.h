// One input file's bytes, unpacked and decoded.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "data/byte_source.h"
#include "fude/data/corpus.h"

namespace fude {

// How messages call an input.
std::string shown_name(const std::string& file);

// Hands the text of `bytes` to `sink` in pieces cut anywhere between characters. `encoding` "auto": the file's own is
// found out from its first bytes beyond ASCII. Fills `info`. DataError when the file is a model, when it is binary
// (unless the options name an encoding), when an archive is damaged, and for undecodable bytes where they are errors.
void read_text(std::unique_ptr<ByteSource> bytes, const std::string& file, const CorpusOptions& options,
               const std::string& encoding, FileInfo& info, const std::function<void(std::string_view)>& sink);

}  // namespace fude
