// The stages behind FilterOptions.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "data/document_store.h"
#include "data/line_stage.h"
#include "data/piece_writer.h"
#include "fude/data/filter.h"
#include "text/scripts.h"

namespace fude {

// Drops lines. Holds no more of one than the limits on its length.
class LineFilter : public LineStage {
 public:
  // All must outlive the filter; `options` are valid.
  LineFilter(const FilterOptions& options, FilterReport& report, DocumentSink& next)
      : options_(options), report_(report), out_(next, PieceWriter::Blank::kNothing) {}

 protected:
  void line_part(std::string_view part) override;
  void line_end(std::string_view newline) override;
  void document_end() override;

 private:
  const FilterOptions& options_;
  FilterReport& report_;
  PieceWriter out_;
  std::string held_;    // the line, while it may still be too short or too long
  int64_t length_ = 0;  // of the line so far, in characters
};

// Drops documents: they are stored first, and taken back when they are not wanted.
class DocumentFilter : public DocumentSink {
 public:
  DocumentFilter(const FilterOptions& options, FilterReport& report, DocumentStore& store);
  void text(std::string_view piece) override;
  void end_document() override;

 private:
  void count_letters(std::string_view piece);
  // The count that a reason to drop the document goes to, or nullptr.
  int64_t* reason() const;
  bool is_too_long() const { return options_.max_document > 0 && length_ > options_.max_document; }

  const FilterOptions& options_;
  FilterReport& report_;
  DocumentStore& store_;
  std::vector<Script> scripts_;
  std::unordered_map<char32_t, int64_t> counts_;  // of the document's characters, where scripts matter
  int64_t length_ = 0;                            // in characters
};

}  // namespace fude
