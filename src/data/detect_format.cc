#include <algorithm>
#include <array>
#include <string>

#include "fude/data/format.h"

namespace fude {
namespace {

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c; });
  return result;
}

struct Ending {
  std::string_view ending;
  std::string_view format;
};
constexpr std::array<Ending, 9> kEndings = {{{".md", "markdown"},
                                             {".markdown", "markdown"},
                                             {".html", "html"},
                                             {".htm", "html"},
                                             {".xhtml", "html"},
                                             {".csv", "csv"},
                                             {".tsv", "tsv"},
                                             {".jsonl", "jsonl"},
                                             {".ndjson", "jsonl"}}};

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
  std::string name = lower(file_name);
  for (const std::string_view compressed : {".gz", ".zst"})
    if (name.ends_with(compressed)) name.resize(name.size() - compressed.size());
  for (const auto& [ending, format] : kEndings)
    if (name.ends_with(ending)) return {std::string(format), "its name ends in " + std::string(ending)};
  if (opens_html(head)) return {"html", "it opens as an HTML document"};
  const std::string lowered = lower(head);
  if (has(lowered, "*** start of the project gutenberg") || has(lowered, "*** start of this project gutenberg") ||
      has(lowered, "***start of the project gutenberg") || has(lowered, "*end*the small print"))
    return {"gutenberg", "Project Gutenberg's mark stands before the text"};
  if (has(head, "【テキスト中に現れる記号について】"))
    return {"aozora", "Aozora Bunko's legend stands before the text"};
  if (has(head, "［＃") && has(head, "《") && has(head, "》")) return {"aozora", "it has notes ［＃ and ruby 《》"};
  if (has(head, "\n底本：") && has(head, "青空文庫")) return {"aozora", "it ends with Aozora Bunko's colophon"};
  return {"plain", "nothing tells of another form"};
}

}  // namespace fude
