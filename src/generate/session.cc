// A writer as bytes, little-endian: magic, u32 version, u64 XXH3 of all that follows; then the model's fingerprint,
// seed, stream and position of the random numbers, the decoder's state, text, logits, h and c (each array: u64 count,
// elements).
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/hash.h"
#include "fude/base/error.h"
#include "fude/generate/generator.h"
#include "fude/text/unicode.h"

namespace fude {
namespace {

static_assert(std::endian::native == std::endian::little, "sessions are written in the machine's byte order");

constexpr std::string_view kMagic = "FUDESESS";
constexpr uint32_t kVersion = 1;
constexpr size_t kHeaderSize = 8 + sizeof(uint32_t) + sizeof(uint64_t);
constexpr size_t kFingerprintSize = 32;

template <class T>
void append(std::string& bytes, const T& value) {
  static_assert(std::is_arithmetic_v<T>);
  bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
}

void append_array(std::string& bytes, const void* data, size_t count, size_t element_size) {
  append(bytes, uint64_t{count});
  bytes.append(static_cast<const char*>(data), count * element_size);
}

void append_array(std::string& bytes, const std::vector<float>& values) {
  append_array(bytes, values.data(), values.size(), sizeof(float));
}

class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}

  std::string_view take(uint64_t size) {
    if (size > bytes_.size() - offset_) {
      throw FormatError("session: cut off at byte " + std::to_string(offset_) + ": expected " + std::to_string(size) +
                        " bytes more, got " + std::to_string(bytes_.size() - offset_));
    }
    const std::string_view taken = bytes_.substr(offset_, size);
    offset_ += size;
    return taken;
  }

  template <class T>
  T number() {
    T value;
    std::memcpy(&value, take(sizeof value).data(), sizeof value);
    return value;
  }

  std::vector<float> floats(const char* name, size_t expected) {
    const auto count = number<uint64_t>();
    if (count != expected) {
      throw FormatError("session: " + std::string(name) + " has " + std::to_string(count) + " values, expected " +
                        std::to_string(expected));
    }
    const std::string_view taken = take(count * sizeof(float));
    std::vector<float> values(expected);
    if (!values.empty()) std::memcpy(values.data(), taken.data(), taken.size());
    if (!std::all_of(values.begin(), values.end(), [](float value) { return std::isfinite(value); }))
      throw FormatError("session: " + std::string(name) + " holds a value that is not a finite number");
    return values;
  }

  size_t left() const { return bytes_.size() - offset_; }
  std::string_view rest() const { return bytes_.substr(offset_); }

 private:
  std::string_view bytes_;
  size_t offset_ = 0;
};

}  // namespace

std::string Writer::save() const {
  std::string body = fingerprint(*model_);
  append(body, random_.seed());
  append(body, random_.stream());
  append(body, random_.position());
  append(body, int32_t{context_.decode.high_nibble});
  append(body, static_cast<uint8_t>(context_.decode.line_start | static_cast<int>(context_.decode.letter_case) << 1));
  append(body, uint8_t{!context_.logits.empty()});
  append_array(body, text_.data(), text_.size(), 1);
  append_array(body, context_.logits);
  append_array(body, context_.state.h);
  append_array(body, context_.state.c);

  std::string bytes(kMagic);
  append(bytes, kVersion);
  append(bytes, hash64(body));
  return bytes + body;
}

bool Writer::is_session(std::string_view bytes) { return bytes.starts_with(kMagic); }

Writer Writer::restore(const LanguageModel& model, std::string_view bytes) {
  Reader reader(bytes);
  if (bytes.size() < kHeaderSize || reader.take(kMagic.size()) != kMagic) {
    throw FormatError("not a session: it does not begin with " + std::string(kMagic));
  }
  if (const auto version = reader.number<uint32_t>(); version != kVersion) {
    throw FormatError("session has version " + std::to_string(version) + ", this program reads version " +
                      std::to_string(kVersion));
  }
  const auto checksum = reader.number<uint64_t>();
  if (checksum != hash64(reader.rest())) {
    throw FormatError("session is damaged: its checksum does not match",
                      "it may have been cut off or changed by another program");
  }
  if (reader.take(kFingerprintSize) != fingerprint(model)) {
    throw FormatError("session belongs to another model", "open it with the model that it was saved with");
  }

  const auto seed = reader.number<uint64_t>();
  const auto stream = reader.number<uint64_t>();
  Writer writer(model, seed);
  writer.random_ = Random(seed, stream);
  writer.random_.seek(reader.number<uint64_t>());
  TextContext& context = writer.context_;
  context.decode.high_nibble = reader.number<int32_t>();
  const auto decoding = reader.number<uint8_t>();  // bit 0: at the start of a line; above it the letter case
  context.decode.line_start = (decoding & 1) != 0;
  const bool begun = reader.number<uint8_t>() != 0;
  writer.text_ = reader.take(reader.number<uint64_t>());
  const State start = model.start();
  context.logits = reader.floats("logits", begun ? static_cast<size_t>(model.tokenizer().vocab_size()) : 0);
  context.state.h = reader.floats("h", begun ? start.h.size() : 0);
  context.state.c = reader.floats("c", begun ? start.c.size() : 0);
  if (context.decode.high_nibble < -1 || context.decode.high_nibble > 15) {
    throw FormatError("session: half a byte is " + std::to_string(context.decode.high_nibble) + ", expected -1 to 15");
  }
  if (decoding >> 1 > static_cast<int>(LetterCase::kUpper))
    throw FormatError("session: letter case is " + std::to_string(decoding >> 1) + ", expected 0 to 2");
  context.decode.letter_case = static_cast<LetterCase>(decoding >> 1);
  if (find_invalid_utf8(writer.text_) != kValidUtf8) throw FormatError("session: its text is not valid UTF-8");
  if (reader.left() != 0) {
    throw FormatError("session: " + std::to_string(reader.left()) + " bytes more than expected");
  }
  return writer;
}

}  // namespace fude
