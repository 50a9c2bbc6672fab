// Bytes to text, in every encoding that a file can be said to have, and in the one that is found out.
#include "data/byte_source.h"
#include "data/text_file.h"
#include "fude/text/encoding.h"
#include "fude/text/unicode.h"
#include "fuzz/fuzz.h"

using namespace fude;

namespace {

constexpr const char* kEncodings[] = {"UTF-8",
                                      "UTF-16",
                                      "UTF-16LE",
                                      "UTF-16BE",
                                      "UTF-32",
                                      "UTF-32LE",
                                      "UTF-7",
                                      "CESU-8",
                                      "SCSU",
                                      "BOCU-1",
                                      "IMAP-mailbox-name",
                                      "Shift_JIS",
                                      "EUC-JP",
                                      "ISO-2022-JP",
                                      "ISO-2022-JP-2",
                                      "ISO-2022-KR",
                                      "ISO-2022-CN",
                                      "ISO-2022-CN-EXT",
                                      "HZ",
                                      "GB18030",
                                      "Big5",
                                      "Big5-HKSCS",
                                      "EUC-KR",
                                      "EUC-TW",
                                      "windows-1252",
                                      "KOI8-R",
                                      "ISO-8859-8",
                                      "LMBCS-1",
                                      "x11-compound-text",
                                      "ebcdic-xml-us",
                                      "ISCII,version=0",
                                      "ibm-1390_P110-2003"};

struct Decoded {
  std::string text;
  int64_t invalid = 0;
  bool operator==(const Decoded&) const = default;
};

Decoded decode(const char* encoding, OnInvalid on_invalid, std::string_view bytes, size_t portion) {
  Decoded decoded;
  const auto sink = [&](std::string_view text) {
    expect(!text.empty() && find_invalid_utf8(text) == kValidUtf8, "what is decoded is UTF-8");
    decoded.text += text;
  };
  TextDecoder decoder(encoding, on_invalid, "file");
  while (!bytes.empty()) {
    decoder.push(bytes.substr(0, portion), sink);
    bytes.remove_prefix(std::min(portion, bytes.size()));
  }
  decoder.finish(sink);
  decoded.invalid = decoder.invalid();
  return decoded;
}

void read_as_file(std::string_view bytes) {
  FileInfo info;
  const auto sink = [](std::string_view text) {
    expect(find_invalid_utf8(text) == kValidUtf8, "what is read is UTF-8");
  };
  CorpusOptions options;
  options.invalid = "replace";
  read_text(std::make_unique<MemorySource>(bytes), "file", options, "auto", info, sink);
  expect(is_known_encoding(info.encoding), "an encoding is found that there is");
}

}  // namespace

FUDE_FUZZ(FuzzInput input) {
  const size_t choice = input.byte() % (std::size(kEncodings) + 4);
  const size_t portion = size_t{1} + input.byte() % 16;
  const std::string_view bytes = input.rest();
  if (choice >= std::size(kEncodings)) return read_as_file(bytes);

  const char* const encoding = kEncodings[choice];
  const Decoded whole = decode(encoding, OnInvalid::kReplace, bytes, bytes.size());
  const Decoded cut = decode(encoding, OnInvalid::kReplace, bytes, portion);
  // ICU reads an unknown escape of this one differently where it is cut.
  const bool stable = encoding != std::string_view("x11-compound-text");
  expect(!stable || cut == whole, "it does not matter where bytes are cut");
  expect(decode(encoding, OnInvalid::kSkip, bytes, portion).invalid == cut.invalid, "as much is left out as replaced");
  bool refused = false;
  try {
    decode(encoding, OnInvalid::kError, bytes, portion);
  } catch (const DataError&) {
    refused = true;
  }
  expect(refused == (cut.invalid > 0), "what would be replaced is an error");
}
