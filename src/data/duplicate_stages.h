// Stages that take the keys of documents and of lines, and the one that drops lines.
#pragma once

#include "base/hash.h"
#include "data/duplicates.h"
#include "data/line_stage.h"
#include "data/piece_writer.h"

namespace fude {

// One key a document.
class DocumentKeys : public DocumentSink {
 public:
  explicit DocumentKeys(DuplicateFinder& finder) : finder_(finder) {}
  void text(std::string_view piece) override { hasher_.update(piece); }
  void end_document() override;

 private:
  DuplicateFinder& finder_;
  Hasher hasher_;
};

// One key a line, without its newline. Empty lines are no repetitions of each other.
class LineKeys : public LineStage {
 public:
  explicit LineKeys(DuplicateFinder& finder) : finder_(finder) {}

 protected:
  void line_part(std::string_view part) override;
  void line_end(std::string_view newline) override;
  void document_end() override {}

 private:
  DuplicateFinder& finder_;
  Hasher hasher_;
  bool empty_ = true;
};

// Drops the lines with the numbers given. A document of which nothing is left goes, too.
class LineDropper : public LineStage {
 public:
  // `numbers` count lines from 0 over all documents, sorted.
  LineDropper(ExternalSort<uint64_t>& numbers, DocumentSink& next);

  int64_t dropped() const { return dropped_; }
  int64_t emptied_documents() const { return emptied_documents_; }

 protected:
  void line_part(std::string_view part) override;
  void line_end(std::string_view newline) override;
  void document_end() override;

 private:
  ExternalSort<uint64_t>& numbers_;
  PieceWriter out_;
  uint64_t next_dropped_ = 0;
  bool more_ = false;
  uint64_t line_ = 0;
  int64_t dropped_ = 0;
  int64_t emptied_documents_ = 0;
};

}  // namespace fude
