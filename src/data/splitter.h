// Divides documents among parts.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "fude/base/random.h"
#include "fude/data/document_sink.h"

namespace fude {

// How many of `documents` each part gets: its share, rounded so that all are given away, and at least one. DataError
// when there are fewer documents than parts.
std::vector<uint64_t> split_counts(uint64_t documents, std::span<const double> shares);

// Draws the part that each document goes to. Every choice of documents is equally likely, decided by `seed` (selection
// sampling; Knuth, The Art of Computer Programming, volume 2, algorithm 3.4.2 S).
class PartDraw {
 public:
  // `counts` are those of split_counts().
  PartDraw(std::vector<uint64_t> counts, uint64_t seed);
  // The part of the next document; for as many documents as the counts sum to.
  size_t next();

 private:
  std::vector<uint64_t> left_;  // to be given to each part
  uint64_t all_left_;
  Random random_;
};

// Hands documents that come part by part to their parts.
class Splitter : public DocumentSink {
 public:
  // `counts` are of each part's documents, none of them 0; empty: all go to the first. The parts must outlive the
  // splitter.
  Splitter(std::vector<uint64_t> counts, std::span<DocumentSink* const> parts);
  void text(std::string_view piece) override { parts_[part_]->text(piece); }
  void end_document() override;

  const std::vector<int64_t>& documents() const { return documents_; }

 private:
  std::vector<uint64_t> counts_;
  std::span<DocumentSink* const> parts_;
  size_t part_ = 0;  // of the document that comes now
  std::vector<int64_t> documents_;
};

}  // namespace fude
