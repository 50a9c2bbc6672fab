#include "data/filters.h"

#include <algorithm>

#include "base/problems.h"
#include "fude/text/unicode.h"

namespace fude {

void FilterOptions::validate() const {
  Problems problems;
  const auto range = [&](int64_t least, int64_t most, const std::string& what) {
    const std::string got = ", got " + std::to_string(least) + " and " + std::to_string(most);
    problems.unless(least >= 0 && most >= 0, "lengths of " + what + "s must be 0 (off) or more" + got);
    problems.unless(most == 0 || least <= most, "min_" + what + " must not be more than max_" + what + got);
  };
  range(min_line, max_line, "line");
  range(min_document, max_document, "document");
  problems.unless(script_share > 0 && script_share <= 1, "script_share must be over 0, at most 1" + got(script_share));
  std::string hint;
  try {
    parse_scripts(scripts);
  } catch (const ConfigError& error) {
    problems.add(error.what());
    hint = error.hint();
  }
  problems.raise(hint);
}

void LineFilter::line_part(std::string_view part) {
  length_ += static_cast<int64_t>(count_code_points(part));
  const bool undecided = length_ < options_.min_line || options_.max_line > 0;
  if (options_.max_line > 0 && length_ > options_.max_line) {
    held_.clear();
  } else if (undecided) {
    held_ += part;
  } else {
    out_.append(held_);
    out_.append(part);
    held_.clear();
  }
}

void LineFilter::line_end(std::string_view newline) {
  if (options_.max_line > 0 && length_ > options_.max_line) {
    ++report_.long_lines;
  } else if (length_ > 0 && length_ < options_.min_line) {
    ++report_.short_lines;
  } else {
    out_.append(held_);
    out_.append(newline);
  }
  held_.clear();
  length_ = 0;
}

void LineFilter::document_end() { report_.emptied_documents += out_.end_document() ? 0 : 1; }

DocumentFilter::DocumentFilter(const FilterOptions& options, FilterReport& report, DocumentStore& store)
    : options_(options), report_(report), store_(store), scripts_(parse_scripts(options.scripts)) {}

void DocumentFilter::text(std::string_view piece) {
  const bool was_too_long = is_too_long();
  length_ += static_cast<int64_t>(count_code_points(piece));
  if (!scripts_.empty()) count_letters(piece);
  if (!is_too_long()) {
    store_.text(piece);
  } else if (!was_too_long) {
    store_.drop_document();
  }
}

void DocumentFilter::count_letters(std::string_view piece) {
  for (size_t offset = 0; offset < piece.size();) ++counts_[next_code_point(piece, offset)];
}

int64_t* DocumentFilter::reason() const {
  if (length_ < options_.min_document) return &report_.short_documents;
  if (is_too_long()) return &report_.long_documents;
  int64_t letters = 0;
  int64_t wanted = 0;
  for (const auto& [code_point, count] : counts_) {
    const std::optional<Script> script = script_of(code_point);
    if (!script) continue;
    letters += count;
    if (std::binary_search(scripts_.begin(), scripts_.end(), *script)) wanted += count;
  }
  const bool foreign = static_cast<double>(wanted) < options_.script_share * static_cast<double>(letters);
  return foreign ? &report_.foreign_documents : nullptr;
}

void DocumentFilter::end_document() {
  if (int64_t* const count = reason()) {
    ++*count;
    store_.drop_document();
  } else {
    store_.end_document();
  }
  counts_.clear();
  length_ = 0;
}

}  // namespace fude
