#include "text/sentencepiece_model.h"

#include <sentencepiece_processor.h>

#include <exception>
#include <utility>

#include "fude/base/error.h"
#include "fude/text/unicode.h"
#include "text/sentencepiece_check.h"

namespace fude {
namespace {

constexpr std::string_view kSpaceMark = "\u2581";

std::string with_spaces(std::string_view name) {
  std::string text;
  while (!name.empty()) {
    const size_t end = name.find(kSpaceMark);
    text += name.substr(0, end);
    if (end == std::string_view::npos) break;
    text += ' ';
    name.remove_prefix(end + kSpaceMark.size());
  }
  return text;
}

}  // namespace

struct SentencePieceModel::Library {
  sentencepiece::SentencePieceProcessor processor;
};

SentencePieceModel::SentencePieceModel(std::string blob, const std::string& where)
    : blob_(std::move(blob)), library_(std::make_unique<Library>()) {
  check_sentencepiece_model(blob_, where);
  try {
    const auto status = library_->processor.LoadFromSerializedProto(blob_);
    if (!status.ok()) throw FormatError(where + ": not a SentencePiece model: " + status.message(), kNoModelHint);
    read_pieces(where);
  } catch (const Error&) {
    throw;
  } catch (const std::exception& error) {
    throw FormatError(where + ": not a SentencePiece model: " + error.what(), kNoModelHint);
  }
}

SentencePieceModel::~SentencePieceModel() = default;

void SentencePieceModel::read_pieces(const std::string& where) {
  const sentencepiece::SentencePieceProcessor& processor = library_->processor;
  byte_pieces_.fill(-1);
  for (int id = 0; id < processor.GetPieceSize(); ++id) {
    Piece piece{Type::kText, processor.IdToPiece(id), {}};
    if (find_invalid_utf8(piece.name) != kValidUtf8)
      throw FormatError(where + ": piece " + std::to_string(id) + " is not valid UTF-8");
    if (processor.IsByte(id)) {
      const int byte = std::stoi(piece.name.substr(3, 2), nullptr, 16);  // <0xE3>
      piece.type = Type::kByte;
      piece.text.assign(1, static_cast<char>(byte));
      byte_pieces_.at(static_cast<size_t>(byte)) = id;
    } else if (processor.IsControl(id)) {
      piece.type = Type::kControl;
    } else if (processor.IsUnknown(id)) {
      piece.type = Type::kUnknown;
    } else {
      piece.text = with_spaces(piece.name);
    }
    pieces_.push_back(std::move(piece));
  }
}

int SentencePieceModel::eos() const { return library_->processor.eos_id(); }

int SentencePieceModel::find(std::string_view name) const {
  const int id = library_->processor.PieceToId(name);
  return id >= 0 && id < size() && piece(id).name == name && piece(id).type == Type::kText ? id : -1;
}

void SentencePieceModel::encode(std::string_view text, std::vector<int>& ids) const {
  std::vector<int> encoded;
  const auto status = library_->processor.Encode(text, &encoded);
  if (!status.ok()) throw DataError(std::string("SentencePiece cannot encode the text: ") + status.message());
  ids.insert(ids.end(), encoded.begin(), encoded.end());
}

std::string SentencePieceModel::decode(const std::vector<int>& ids) const {
  std::string text;
  const auto status = library_->processor.Decode(ids, &text);
  if (!status.ok()) throw DataError(std::string("SentencePiece cannot decode tokens: ") + status.message());
  return text;
}

}  // namespace fude
