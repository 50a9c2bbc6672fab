#include "data/store_encoder.h"

#include <algorithm>
#include <span>

#include "base/parallel.h"
#include "fude/base/threads.h"

namespace fude {
namespace {

// Enough that no thread waits long for another's last group.
constexpr int kGroupsPerThread = 4;

}  // namespace

StoreEncoder::StoreEncoder(const Tokenizer& tokenizer, TokenStoreWriter& writer)
    : tokenizer_(&tokenizer), writer_(&writer), groups_(static_cast<size_t>(kGroupsPerThread * threads())) {}

void StoreEncoder::text(std::string_view piece) {
  cutter_.push(piece, [this](std::string_view cut) { add(cut); });
}

void StoreEncoder::end_document() {
  cutter_.finish([this](std::string_view cut) { add(cut); });
  Group& group = groups_[filling_];
  group.pieces.back().ends_document = true;
  if (group.text.size() < TextCutter::kSize) return;
  if (++filling_ == groups_.size()) finish();
}

void StoreEncoder::add(std::string_view piece) {
  // Only between pieces: the last of a document waits here for the document's end.
  if (groups_[filling_].text.size() >= TextCutter::kSize && ++filling_ == groups_.size()) finish();
  Group& group = groups_[filling_];
  group.text += piece;
  group.pieces.push_back({group.text.size(), false});
}

void StoreEncoder::finish() {
  parallel_for(static_cast<int>(std::min(filling_ + 1, groups_.size())),
               [this](int k) { encode(groups_[static_cast<size_t>(k)]); });
  for (Group& group : groups_) {
    size_t begin = 0;
    for (const size_t end : group.document_ends) {
      writer_->append(std::span(group.ids).subspan(begin, end - begin));
      writer_->end_document();
      begin = end;
    }
    writer_->append(std::span(group.ids).subspan(begin));
    group.text.clear();
    group.pieces.clear();
    group.ids.clear();
    group.document_ends.clear();
  }
  filling_ = 0;
}

void StoreEncoder::encode(Group& group) const {
  const bool ends_lines = tokenizer_->splits_on_whitespace();
  size_t begin = 0;
  for (const Piece& piece : group.pieces) {
    const std::string_view text = std::string_view(group.text).substr(begin, piece.end - begin);
    begin = piece.end;
    if (!text.empty()) tokenizer_->encode(text, group.ids);
    // A line that goes on in the next piece does not end here.
    if (ends_lines && !piece.ends_document && !text.ends_with('\n')) group.ids.pop_back();
    if (!ends_lines && piece.ends_document) group.ids.push_back(tokenizer_->eos());
    if (piece.ends_document) group.document_ends.push_back(group.ids.size());
  }
}

}  // namespace fude
