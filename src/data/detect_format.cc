#include <algorithm>
#include <array>
#include <string>

#include "data/file_endings.h"
#include "data/formats/csv_dialect.h"
#include "data/formats/readers.h"
#include "fude/data/format.h"

namespace fude {
namespace {

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c; });
  return result;
}

// A comment or an XML declaration may stand before the document type.
bool opens_html(std::string_view head) {
  while (true) {
    head.remove_prefix(std::min(head.find_first_not_of(" \t\r\n"), head.size()));
    const bool comment = head.starts_with("<!--");
    if (!comment && !head.starts_with("<?xml")) break;
    const std::string_view close = comment ? "-->" : "?>";
    const size_t end = head.find(close);
    if (end == std::string_view::npos) return false;
    head.remove_prefix(end + close.size());
  }
  const std::string start = lower(head.substr(0, 16));
  return start.starts_with("<!doctype html") || start.starts_with("<html>") || start.starts_with("<html ") ||
         start.starts_with("<html\n");
}

bool has(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

}  // namespace

DetectedFormat detect_format(std::string_view file_name, std::string_view head) {
  const FileEnding* const ending = find_ending(file_name);
  if (ending != nullptr && ending->format != "plain") {
    std::string reason = "its name ends in " + std::string(ending->ending);
    if (ending->format == "csv") {
      const char separator = find_csv_dialect(head, ',', false).separator;
      if (separator != ',')
        reason += ", its fields are divided by " + (separator == '\t' ? "tabs" : std::string(1, separator));
    }
    return {std::string(ending->format), reason};
  }
  if (opens_html(head)) return {"html", "it opens as an HTML document"};
  if (has_gutenberg_mark(head)) return {"gutenberg", "Project Gutenberg's mark stands before the text"};
  if (has(head, "【テキスト中に現れる記号について】"))
    return {"aozora", "Aozora Bunko's legend stands before the text"};
  if (has(head, "［＃") && has(head, "《") && has(head, "》")) return {"aozora", "it has notes ［＃ and ruby 《》"};
  if (has(head, "\n底本：") && has(head, "青空文庫")) return {"aozora", "it ends with Aozora Bunko's colophon"};
  if (ending != nullptr && ending->is_text) return {"plain", ""};
  const std::string other = ending_of(file_name);
  return {"plain", other.empty() ? "" : "taken as it is, though its name ends in " + other};
}

}  // namespace fude
