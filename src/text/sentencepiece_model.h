// A SentencePiece model: the pieces as text, and the library's own encoding. Together with its training the one place
// that knows the library.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "fude/text/tokenizer.h"

namespace fude {

class SentencePieceModel {
 public:
  enum class Type { kText, kByte, kControl, kUnknown };
  struct Piece {
    Type type;
    std::string name;  // as the model writes it
    std::string text;  // what it stands for: spaces for U+2581, a byte for <0xE3>, nothing for <s>
  };

  // `blob` is what SentencePiece serializes. FormatError that begins with `where` when it is damaged.
  SentencePieceModel(std::string blob, const std::string& where);
  ~SentencePieceModel();

  int size() const { return static_cast<int>(pieces_.size()); }
  const Piece& piece(int id) const { return pieces_[static_cast<size_t>(id)]; }
  const std::string& blob() const { return blob_; }

  // -1: the model has none.
  int eos() const;
  // The text piece of this name, -1: there is none.
  int find(std::string_view name) const;
  // The piece of a byte, -1: the model has no byte fallback.
  int byte_piece(unsigned char byte) const { return byte_pieces_[byte]; }

  // Appends the library's ids of valid UTF-8. Its normalization, and the space it puts before a text, are the model's
  // own.
  void encode(std::string_view text, std::vector<int>& ids) const;
  // The library's text of these ids.
  std::string decode(const std::vector<int>& ids) const;

 private:
  struct Library;
  void read_pieces(const std::string& where);

  std::string blob_;
  std::unique_ptr<Library> library_;
  std::vector<Piece> pieces_;
  std::array<int, 256> byte_pieces_{};
};

struct PieceTraining {
  std::string model_type;  // bpe | unigram
  // At most this many pieces; a small text gives fewer.
  int vocab_size = 0;
  uint64_t seed = 1;
};

// Visits normalized text, as for_each_normalized does; called twice.
using TextVisits = std::function<void(const TextSink&)>;

// The serialized model. Learned so that nothing is lost: <eos> is 0, <unk> is 1 and never needed, there are 256 bytes,
// no normalization, and \n, \t and \r are pieces of their own that no other piece holds. DataError when there is
// nothing to learn from.
std::string train_sentencepiece(const PieceTraining& options, const TextVisits& for_each_text);

}  // namespace fude
