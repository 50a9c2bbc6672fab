// What is too short, too long or in another script to be learned from.
#pragma once

#include <cstdint>
#include <string>

namespace fude {

struct FilterOptions {
  // Lines of other lengths than these are dropped; the empty ones between paragraphs stay. In characters; 0: off.
  int64_t min_line = 0;
  int64_t max_line = 0;
  // So are documents. In characters, of the lines that are left; 0: off.
  int64_t min_document = 0;
  int64_t max_document = 0;
  // Scripts of which a document's letters are to be, such as "latin,han" or "ja"; empty: off.
  std::string scripts = {};
  double script_share = 0.5;  // at least so many of its letters; what has no letters stays

  bool lines() const { return min_line > 0 || max_line > 0; }
  bool documents() const { return min_document > 0 || max_document > 0 || !scripts.empty(); }
  // Every problem at once as a ConfigError.
  void validate() const;
};

struct FilterReport {
  int64_t short_lines = 0;
  int64_t long_lines = 0;
  int64_t emptied_documents = 0;  // all of their lines were dropped
  int64_t short_documents = 0;
  int64_t long_documents = 0;
  int64_t foreign_documents = 0;  // in other scripts
};

}  // namespace fude
