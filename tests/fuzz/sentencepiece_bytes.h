// SentencePiece models as bytes: a protocol buffer that is well formed, whatever it says.
#pragma once

#include <string>
#include <string_view>

#include "fuzz/fuzz.h"

namespace fude {

class ProtoWriter {
 public:
  void number(uint32_t field, uint64_t value) {
    varint(field << 3);
    varint(value);
  }
  void real(uint32_t field, float value) {
    varint(field << 3 | 5);
    bytes_.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  void bytes(uint32_t field, std::string_view value) {
    varint(field << 3 | 2);
    varint(value.size());
    bytes_ += value;
  }
  const std::string& all() const { return bytes_; }

 private:
  void varint(uint64_t value) {
    for (; value >= 0x80; value >>= 7) bytes_ += static_cast<char>(value | 0x80);
    bytes_ += static_cast<char>(value);
  }
  std::string bytes_;
};

// Field numbers are those of sentencepiece_model.proto. `own`: it begins as those of train_sentencepiece do, so that a
// tokenizer of pieces takes it.
inline std::string sentencepiece_bytes(FuzzInput input, bool own) {
  const uint8_t flags = input.byte();
  ProtoWriter model, training, normalizer;
  const auto piece = [&](std::string_view text, float score, uint8_t type) {
    ProtoWriter inner;
    inner.bytes(1, text);
    inner.real(2, score);
    inner.number(3, type);
    model.bytes(1, inner.all());
  };
  training.number(3, 1 + (flags & 3));    // unigram, bpe, word, char
  training.number(35, (flags >> 2) & 1);  // byte fallback
  if (own) {
    piece("<eos>", 0, 3);
    piece("<unk>", 0, 2);
    training.number(42, 0);
    training.number(40, 1);
    training.number(41, static_cast<uint64_t>(-1));
    training.number(43, static_cast<uint64_t>(-1));
    char name[8];
    for (int byte = 0; byte < 256; ++byte) piece((std::snprintf(name, sizeof name, "<0x%02X>", byte), name), 0, 6);
    training.number(35, 1);
  } else if (const uint8_t ids = input.byte(); (flags & 8) != 0) {
    for (uint32_t k = 0; k < 4; ++k) training.number(40 + k, (ids >> 2 * k & 3) == 3 ? -1 : ids >> 2 * k & 3);
  }
  normalizer.number(3, (flags >> 4) & 1);
  normalizer.number(4, (flags >> 5) & 1);
  normalizer.number(5, (flags >> 6) & 1);
  if ((flags & 0x80) != 0) normalizer.bytes(2, input.take(input.number<uint16_t>()));
  while (!input.rest().empty()) {
    const uint8_t type = input.byte() % 7;
    const float score = input.byte() == 0 ? input.number<float>() : -static_cast<float>(type);
    piece(input.line(), score, type);
  }
  model.bytes(2, training.all());
  model.bytes(3, normalizer.all());
  return model.all();
}

}  // namespace fude
