// Text in any encoding that people's files come in, to UTF-8.
//
//   const fude::DetectedEncoding found = fude::detect_encoding(bytes, /*whole=*/true);   // {"Shift_JIS", 100}
//   fude::TextDecoder decoder(found.name, fude::OnInvalid::kError, "story.txt");
//   decoder.push(bytes, [](std::string_view text) { use(text); });
//   decoder.finish([](std::string_view text) { use(text); });
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace fude {

struct DetectedEncoding {
  std::string name;
  // Percent: 100 for a byte order mark, valid UTF-8 and ISO-2022-JP; less for what was guessed from frequencies.
  int confidence = 100;
  // Where nothing is likely enough, `name` is UTF-8, which it is not, `confidence` 0, and this is the best guess, if
  // any.
  std::string perhaps = {};
};

// What `sample`, the beginning of a text or all of it (`whole`), is written in: UTF-8, UTF-16 and UTF-32 with a byte
// order mark or without, Shift_JIS, EUC-JP, ISO-2022-JP, GB18030, Big5, EUC-KR, windows-125x, windows-874, ISO-8859-x,
// KOI8-R and KOI8-U, Big5-HKSCS, CP737, CP850, CP852, CP857, CP862 and CP866 of DOS, macintosh and x-mac-cyrillic.
DetectedEncoding detect_encoding(std::string_view sample, bool whole);

// Whether `name` is a name that ICU or this library knows, such as "cp932" or "latin1".
bool is_known_encoding(std::string_view name);
// Whether a zero byte is part of text in it: UTF-16 and UTF-32. `name` is known.
bool has_wide_units(std::string_view name);
// `name`; but of UTF-16 and UTF-32, which leave the order of bytes open, the one with the order that `sample`, as
// above, shows by its mark or its text: "UTF-16LE". Without a sign it is big-endian, as Unicode has it.
std::string with_byte_order(std::string_view name, std::string_view sample, bool whole);

// What undecodable bytes meet.
enum class OnInvalid {
  kError,    // DataError that names line, byte offset and bytes
  kReplace,  // U+FFFD for each sequence; in UTF-8 for each maximal invalid part (Unicode 15, section 3.9)
  kSkip,     // left out
};
// error | replace | skip; anything else is a ConfigError.
OnInvalid parse_on_invalid(std::string_view name);

// What came before the bytes that a TextDecoder gets, when those are not a text's beginning.
struct DecodedBefore {
  int64_t bytes = 0;
  int64_t lines = 0;
};

// Bytes in, as they come, UTF-8 out. The result does not depend on where the bytes were cut.
class TextDecoder {
 public:
  // Takes valid UTF-8, not empty, that is valid during the call only.
  using Sink = std::function<void(std::string_view)>;

  // Errors begin with `where` and give `hint`. ConfigError for an unknown encoding. Shift_JIS is Windows-31J (CP932),
  // and EUC-KR is windows-949, which holds all of it.
  TextDecoder(std::string_view encoding, OnInvalid on_invalid, std::string where, std::string hint = {},
              DecodedBefore before = {});
  ~TextDecoder();
  TextDecoder(TextDecoder&&) noexcept;
  TextDecoder& operator=(TextDecoder&&) noexcept;

  // A byte order mark at the start is dropped. UTF-8 is handed on without a copy.
  void push(std::string_view bytes, const Sink& sink);
  // The end: what is left of an unfinished character is undecodable.
  void finish(const Sink& sink);

  // As given, but for UTF-8, which has one name.
  const std::string& encoding() const;
  // Undecodable sequences replaced or left out so far.
  int64_t invalid() const;
  bool had_byte_order_mark() const;

 private:
  class Decoder;
  class Utf8;
  class Icu;
  std::unique_ptr<Decoder> decoder_;
};

}  // namespace fude
