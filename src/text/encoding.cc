#include "fude/text/encoding.h"

#include <unicode/ucnv.h>
#include <unicode/utf16.h>

#include <algorithm>
#include <array>
#include <utility>

#include "fude/base/error.h"
#include "fude/text/unicode.h"
#include "text/utf8.h"

namespace fude {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
// UTF-16 units decoded at a time.
constexpr size_t kUnits = size_t{1} << 13;
// ICU's table of CP932 has three control characters in each other's places, as IBM's machines had.
constexpr char kShiftJisTable[] = "ibm-943_P15A-2003";
// In place of ICU's own choice, which is smaller, or IBM's where Windows' is meant.
constexpr std::array<std::pair<std::string_view, const char*>, 4> kBetterTables = {
    {{"ibm-970_P110_P110-2006_U2", "windows-949-2000"},
     {"ibm-949_P110-1999", "windows-949-2000"},
     {"ibm-950_P110-1999", "windows-950-2000"},
     {"ibm-943_P130-1999", kShiftJisTable}}};

struct CloseConverter {
  void operator()(UConverter* converter) const { ucnv_close(converter); }
};
using Converter = std::unique_ptr<UConverter, CloseConverter>;

Converter open_by_name(const std::string& name) {
  UErrorCode status = U_ZERO_ERROR;
  Converter converter(ucnv_open(name.c_str(), &status));
  return U_SUCCESS(status) ? std::move(converter) : nullptr;
}

std::string table_name(const Converter& converter) {
  UErrorCode status = U_ZERO_ERROR;
  const char* name = ucnv_getName(converter.get(), &status);
  return U_SUCCESS(status) ? name : "";
}

// Null for an unknown name.
Converter open_converter(std::string_view name) {
  if (name.empty()) return nullptr;
  Converter converter = open_by_name(std::string(name));
  if (!converter) return nullptr;
  const std::string table = table_name(converter);
  for (const auto& [smaller, better] : kBetterTables) {
    if (table == smaller) return open_by_name(better);
  }
  return converter;
}

Converter require_converter(std::string_view name) {
  if (Converter converter = open_converter(name)) return converter;
  throw ConfigError("unknown encoding: " + std::string(name),
                    "such as UTF-8, UTF-16, Shift_JIS, EUC-JP, GB18030, Big5, EUC-KR or windows-1252");
}

// The bytes that are none of the encoding's characters and have one for private use in Microsoft's tables. Where
// characters have two bytes only 0xFF is sure to be no half of one.
std::string private_bytes(UConverter* converter) {
  const int8_t longest = ucnv_getMaxCharSize(converter);
  std::string bytes;
  for (int value = longest == 1 ? 0x80 : 0xFF; value <= 0xFF && longest <= 2; ++value) {
    const char byte = static_cast<char>(value);
    UErrorCode status = U_ZERO_ERROR;
    std::array<UChar, 4> units{};
    const int32_t count = ucnv_toUChars(converter, units.data(), static_cast<int32_t>(units.size()), &byte, 1, &status);
    if (U_SUCCESS(status) && count == 1 && units[0] >= 0xE000 && units[0] <= 0xF8FF) bytes += byte;
  }
  return bytes;
}

std::string hexadecimal(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) text += (text.empty() ? "0x" : " 0x") + hex_digits(static_cast<unsigned char>(c));
  return text;
}

}  // namespace

bool is_known_encoding(std::string_view name) { return open_converter(name) != nullptr; }

bool has_wide_units(std::string_view name) {
  const UConverterType type = ucnv_getType(require_converter(name).get());
  constexpr std::array kWide = {UCNV_UTF16, UCNV_UTF16_BigEndian, UCNV_UTF16_LittleEndian,
                                UCNV_UTF32, UCNV_UTF32_BigEndian, UCNV_UTF32_LittleEndian};
  return std::find(kWide.begin(), kWide.end(), type) != kWide.end();
}

std::string with_byte_order(std::string_view name, std::string_view sample, bool whole) {
  const UConverterType type = ucnv_getType(require_converter(name).get());
  if (type != UCNV_UTF16 && type != UCNV_UTF32) return std::string(name);
  const std::string found = detect_encoding(sample, whole).name;
  return found.starts_with(type == UCNV_UTF16 ? "UTF-16" : "UTF-32") ? found : std::string(name);
}

OnInvalid parse_on_invalid(std::string_view name) {
  if (name == "error") return OnInvalid::kError;
  if (name == "replace") return OnInvalid::kReplace;
  if (name == "skip") return OnInvalid::kSkip;
  throw ConfigError("invalid must be error, replace or skip, got \"" + std::string(name) + "\"");
}

// What both ways of decoding share: the mark at the start, and what undecodable bytes meet.
class TextDecoder::Decoder {
 public:
  Decoder(std::string_view encoding, OnInvalid on_invalid, std::string where, std::string hint, DecodedBefore before)
      : offset_(before.bytes),
        encoding_(encoding),
        on_invalid_(on_invalid),
        where_(std::move(where)),
        hint_(std::move(hint)),
        lines_(before.lines),
        at_start_(before.bytes == 0) {}
  virtual ~Decoder() = default;

  virtual void push(std::string_view bytes, const Sink& sink) = 0;
  virtual void finish(const Sink& sink) = 0;

  const std::string& encoding() const { return encoding_; }
  int64_t invalid() const { return invalid_; }
  bool had_byte_order_mark() const { return had_byte_order_mark_; }

 protected:
  void emit(std::string_view text, const Sink& sink) {
    if (text.empty()) return;
    if (std::exchange(at_start_, false) && text.starts_with(kByteOrderMark)) {
      had_byte_order_mark_ = true;
      text.remove_prefix(kByteOrderMark.size());
      if (text.empty()) return;
    }
    if (on_invalid_ == OnInvalid::kError) lines_ += std::count(text.begin(), text.end(), '\n');
    sink(text);
  }

  // `bytes` lie at `offset` of the whole.
  void refuse(std::string_view bytes, int64_t offset, const Sink& sink) {
    if (on_invalid_ == OnInvalid::kError) {
      throw DataError(where_ + ":" + std::to_string(lines_ + 1) + ": not valid " + encoding_ + " at byte offset " +
                          std::to_string(offset) + ": " + (bytes.empty() ? "half of a character" : hexadecimal(bytes)),
                      hint_.empty() ? "convert the text to UTF-8" : hint_);
    }
    ++invalid_;
    if (on_invalid_ == OnInvalid::kReplace) emit(kReplacement, sink);
  }

  int64_t offset_;  // bytes taken so far

 private:
  std::string encoding_;
  OnInvalid on_invalid_;
  std::string where_;
  std::string hint_;
  int64_t invalid_ = 0;
  int64_t lines_;
  bool at_start_;
  bool had_byte_order_mark_ = false;
};

class TextDecoder::Utf8 : public Decoder {
 public:
  using Decoder::Decoder;

  void push(std::string_view bytes, const Sink& sink) override {
    join_unfinished(bytes, sink);
    const std::string_view whole = bytes.substr(0, complete_utf8_prefix(bytes));
    unfinished_ += bytes.substr(whole.size());
    decode(whole, sink);
    offset_ += static_cast<int64_t>(bytes.size() - whole.size());
  }

  void finish(const Sink& sink) override {
    if (unfinished_.empty()) return;
    refuse(unfinished_, offset_ - static_cast<int64_t>(unfinished_.size()), sink);
    unfinished_.clear();
  }

 private:
  // Takes bytes away from `bytes` until the character before them is whole or is none.
  void join_unfinished(std::string_view& bytes, const Sink& sink) {
    while (!unfinished_.empty() && !bytes.empty()) {
      unfinished_ += bytes[0];
      const Utf8Sequence sequence = read_utf8_sequence(unfinished_);
      if (sequence.valid < unfinished_.size()) {
        unfinished_.pop_back();
        refuse(unfinished_, offset_ - static_cast<int64_t>(unfinished_.size()), sink);
        unfinished_.clear();
        return;
      }
      bytes.remove_prefix(1);
      ++offset_;
      if (!sequence.complete()) continue;
      emit(unfinished_, sink);
      unfinished_.clear();
    }
  }

  void decode(std::string_view bytes, const Sink& sink) {
    while (!bytes.empty()) {
      const size_t valid = std::min(find_invalid_utf8(bytes), bytes.size());
      emit(bytes.substr(0, valid), sink);
      bytes.remove_prefix(valid);
      offset_ += static_cast<int64_t>(valid);
      if (bytes.empty()) return;
      const size_t invalid = std::max<size_t>(1, read_utf8_sequence(bytes).valid);
      refuse(bytes.substr(0, invalid), offset_, sink);
      bytes.remove_prefix(invalid);
      offset_ += static_cast<int64_t>(invalid);
    }
  }

  std::string unfinished_;  // the beginning of a character: at most 3 bytes
};

class TextDecoder::Icu : public Decoder {
 public:
  Icu(Converter converter, std::string_view encoding, OnInvalid on_invalid, std::string where, std::string hint,
      DecodedBefore before)
      : Decoder(encoding, on_invalid, std::move(where), std::move(hint), before),
        converter_(std::move(converter)),
        swaps_controls_(table_name(converter_) == kShiftJisTable),
        private_bytes_(private_bytes(converter_.get())) {
    UErrorCode status = U_ZERO_ERROR;
    ucnv_setToUCallBack(converter_.get(), UCNV_TO_U_CALLBACK_STOP, nullptr, nullptr, nullptr, &status);
    if (U_FAILURE(status)) throw Error(std::string("ICU cannot decode text: ") + u_errorName(status));
  }

  void push(std::string_view bytes, const Sink& sink) override {
    for (size_t at; (at = bytes.find_first_of(private_bytes_)) != std::string_view::npos;) {
      decode(bytes.substr(0, at), false, sink);
      UErrorCode status = U_ZERO_ERROR;
      if (ucnv_toUCountPending(converter_.get(), &status) > 0) decode({}, true, sink);
      refuse(bytes.substr(at, 1), offset_, sink);
      ++offset_;
      bytes.remove_prefix(at + 1);
    }
    decode(bytes, false, sink);
  }
  void finish(const Sink& sink) override { decode({}, true, sink); }

 private:
  void decode(std::string_view bytes, bool last, const Sink& sink) {
    const char* at = bytes.data();
    const char* const end = at + bytes.size();
    while (true) {
      UChar* unit = units_.data();
      const char* const before = at;
      UErrorCode status = U_ZERO_ERROR;
      ucnv_toUnicode(converter_.get(), &unit, units_.data() + units_.size(), &at, end, nullptr, last, &status);
      offset_ += at - before;
      emit_units(unit, sink);
      if (status == U_BUFFER_OVERFLOW_ERROR) continue;
      if (lead_ != 0 && (last || U_FAILURE(status))) refuse_half(sink);
      if (U_SUCCESS(status)) return;
      std::array<char, 32> invalid{};
      auto length = static_cast<int8_t>(invalid.size());
      UErrorCode told = U_ZERO_ERROR;
      ucnv_getInvalidChars(converter_.get(), invalid.data(), &length, &told);
      // What the converter has taken beyond the invalid bytes and will look at again.
      const int32_t ahead = status == U_TRUNCATED_CHAR_FOUND ? 0 : ucnv_toUCountPending(converter_.get(), &told);
      if (U_FAILURE(told) || (length == 0 && at == before && at == end))
        throw Error(std::string("ICU cannot decode text: ") + u_errorName(status));
      refuse({invalid.data(), static_cast<size_t>(length)}, offset_ - ahead - length, sink);
      if (status == U_TRUNCATED_CHAR_FOUND) return ucnv_resetToUnicode(converter_.get());
    }
  }

  // units_ up to `end` as UTF-8. A character's second half may come with the next ones.
  void emit_units(const UChar* end, const Sink& sink) {
    for (const UChar* unit = units_.data(); unit != end; ++unit) {
      if ((lead_ != 0) != U16_IS_TRAIL(*unit)) refuse_half(sink);
      if (U16_IS_LEAD(*unit)) {
        lead_ = *unit;
      } else if (U16_IS_TRAIL(*unit)) {
        if (lead_ != 0) append_utf8(text_, static_cast<char32_t>(U16_GET_SUPPLEMENTARY(lead_, *unit)));
        lead_ = 0;
      } else if (*unit < 0x80) {
        text_.push_back(static_cast<char>(swaps_controls_ ? unswapped(*unit) : *unit));
      } else {
        append_utf8(text_, *unit);
      }
    }
    emit_text(sink);
  }

  void emit_text(const Sink& sink) {
    emit(text_, sink);
    text_.clear();
  }

  // A surrogate without the other one, which SCSU, say, can write.
  void refuse_half(const Sink& sink) {
    emit_text(sink);
    lead_ = 0;
    refuse({}, offset_, sink);
  }

  static UChar unswapped(UChar unit) {
    if (unit == 0x1C) return 0x1A;
    if (unit == 0x7F) return 0x1C;
    return unit == 0x1A ? 0x7F : unit;
  }

  Converter converter_;
  bool swaps_controls_;
  std::string private_bytes_;
  std::array<UChar, kUnits> units_{};
  UChar lead_ = 0;  // waits for its other half
  std::string text_;
};

TextDecoder::TextDecoder(std::string_view encoding, OnInvalid on_invalid, std::string where, std::string hint,
                         DecodedBefore before) {
  Converter converter = require_converter(encoding);
  if (ucnv_getType(converter.get()) == UCNV_UTF8) {
    decoder_ = std::make_unique<Utf8>("UTF-8", on_invalid, std::move(where), std::move(hint), before);
  } else {
    decoder_ =
        std::make_unique<Icu>(std::move(converter), encoding, on_invalid, std::move(where), std::move(hint), before);
  }
}

TextDecoder::~TextDecoder() = default;
TextDecoder::TextDecoder(TextDecoder&&) noexcept = default;
TextDecoder& TextDecoder::operator=(TextDecoder&&) noexcept = default;

void TextDecoder::push(std::string_view bytes, const Sink& sink) { decoder_->push(bytes, sink); }
void TextDecoder::finish(const Sink& sink) { decoder_->finish(sink); }
const std::string& TextDecoder::encoding() const { return decoder_->encoding(); }
int64_t TextDecoder::invalid() const { return decoder_->invalid(); }
bool TextDecoder::had_byte_order_mark() const { return decoder_->had_byte_order_mark(); }

}  // namespace fude
