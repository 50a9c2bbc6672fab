// Documents on their way through steps that must see all of them before the first goes on: kept in a temporary file,
// replayed as often as wanted.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <vector>

#include "base/temporary_file.h"
#include "data/external_sort.h"
#include "fude/data/document_sink.h"

namespace fude {

// Memory: some MiB of buffers, whatever the documents; disk: the text and 16 bytes a document.
class DocumentStore : public DocumentSink {
 public:
  explicit DocumentStore(std::filesystem::path folder) : folder_(folder), text_(folder), index_(std::move(folder)) {}

  void text(std::string_view piece) override { text_.append(piece); }
  void end_document() override;
  // In place of end_document(): takes back what text() has given.
  void drop_document() { text_.truncate(begin_); }

  uint64_t documents() const { return index_.size() / sizeof(Place); }
  uint64_t bytes() const { return bytes_; }  // of all documents

  // Hands on every document, in order.
  void replay(DocumentSink& sink) const;

  // Takes documents away; `numbers` are theirs, counted from 0, sorted. The others move up.
  void remove(ExternalSort<uint64_t>& numbers);
  // Brings the documents of each of so many groups together, group 0 first; within one they keep their order.
  // `group_of_next` is called once for each document, in order.
  void group(size_t groups, const std::function<size_t()>& group_of_next);
  // Brings the documents into an order that `seed` alone decides, each order equally likely; those of groups, which
  // follow one another with so many documents each, stay together. Empty: all are one. Sorts records of 16 bytes within
  // `memory`. Replaying then reads here and there in the temporary file.
  void shuffle(uint64_t seed, size_t memory, std::vector<uint64_t> groups = {});

 private:
  struct Place {
    uint64_t offset = 0;
    uint64_t size = 0;
  };
  Place place(uint64_t number) const;

  std::filesystem::path folder_;
  TemporaryFile text_;
  TemporaryFile index_;  // a Place for each document
  uint64_t begin_ = 0;   // of the document that has not ended yet
  uint64_t bytes_ = 0;
};

}  // namespace fude
