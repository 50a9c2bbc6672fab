#include "fude/data/format.h"

#include <algorithm>

#include "base/problems.h"
#include "data/formats/record_template.h"
#include "fude/text/unicode.h"

namespace fude {
std::vector<std::string> format_names() {
  return {"auto", "plain", "aozora", "gutenberg", "markdown", "html", "csv", "tsv", "jsonl"};
}

void FormatOptions::validate() const {
  Problems problems;
  const std::vector<std::string> names = format_names();
  const bool known = std::find(names.begin(), names.end(), format) != names.end();
  std::string listed;
  for (const std::string& name : names) listed += (listed.empty() ? "" : ", ") + name;
  problems.unless(known, "format must be one of " + listed + ", got " + format);
  problems.unless(ruby == "strip" || ruby == "keep" || ruby == "reading",
                  "ruby must be strip, keep or reading, got " + ruby);
  problems.unless(find_invalid_utf8(doc_sep) == kValidUtf8, "doc_sep must be valid UTF-8");
  problems.unless(doc_sep.empty() || !blank_lines, "documents end at doc_sep or at blank lines, not at both");
  const bool records = format == "csv" || format == "tsv" || format == "jsonl";
  problems.unless(!records || (doc_sep.empty() && !blank_lines),
                  "each record of " + format + " is a document: neither doc_sep nor blank_lines divides it");
  problems.unless(record_template.empty() || records || format == "auto" || !known,
                  "a template is for the records of csv, tsv and jsonl, not for " + format);
  problems.unless(find_invalid_utf8(record_template) == kValidUtf8, "the template must be valid UTF-8");
  problems.raise();
  [[maybe_unused]] const RecordTemplate parsed(record_template);
}

}  // namespace fude
