// Documents into a token store, encoded on all threads.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "data/text_cutter.h"
#include "data/token_store.h"
#include "fude/data/document_sink.h"
#include "fude/text/tokenizer.h"

namespace fude {

// Each document is followed by <eos>, but not for `whitespace`, which ends lines itself. Tokens do not depend on the
// number of threads.
class StoreEncoder : public DocumentSink {
 public:
  // Both must outlive this.
  StoreEncoder(const Tokenizer& tokenizer, TokenStoreWriter& writer);

  void text(std::string_view piece) override;
  void end_document() override;
  // Encodes what still waits. The writer is the caller's to commit.
  void finish();

 private:
  struct Piece {
    size_t end;  // of its text in the group's
    bool ends_document;
  };
  // What one task encodes.
  struct Group {
    std::string text;
    std::vector<Piece> pieces;
    std::vector<TokenId> ids;
    std::vector<size_t> document_ends;  // in ids
  };

  void add(std::string_view piece);
  void encode(Group& group) const;

  const Tokenizer* tokenizer_;
  TokenStoreWriter* writer_;
  TextCutter cutter_;
  std::vector<Group> groups_;
  size_t filling_ = 0;  // the group that takes pieces
};

}  // namespace fude
