#include "data/file_endings.h"

#include <algorithm>
#include <array>
#include <filesystem>

namespace fude {
namespace {

// Those that are no text are formats that Fude cannot reduce to it: told of where they are named, left in folders.
constexpr std::array<FileEnding, 18> kEndings = {{{".txt", "plain", true},
                                                  {".text", "plain", true},
                                                  {".log", "plain", true},
                                                  {".md", "markdown", true},
                                                  {".markdown", "markdown", true},
                                                  {".html", "html", true},
                                                  {".htm", "html", true},
                                                  {".xhtml", "html", true},
                                                  {".csv", "csv", true},
                                                  {".tsv", "tsv", true},
                                                  {".jsonl", "jsonl", true},
                                                  {".ndjson", "jsonl", true},
                                                  {".json", "plain", false},
                                                  {".xml", "plain", false},
                                                  {".tex", "plain", false},
                                                  {".srt", "plain", false},
                                                  {".vtt", "plain", false},
                                                  {".yaml", "plain", false}}};

}  // namespace

std::string ending_of(std::string_view file_name) {
  std::filesystem::path path(file_name);
  const auto lower_extension = [&path] {
    std::string extension = path.extension().string();
    for (char& c : extension) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return extension;
  };
  std::string ending = lower_extension();
  if (ending != ".gz" && ending != ".zst") return ending;
  path = path.stem();
  return path.has_extension() ? lower_extension() : ending;
}

const FileEnding* find_ending(std::string_view file_name) {
  const std::string ending = ending_of(file_name);
  const auto found =
      std::find_if(kEndings.begin(), kEndings.end(), [&](const FileEnding& each) { return each.ending == ending; });
  return found == kEndings.end() ? nullptr : &*found;
}

std::string text_endings() {
  std::string list, last;
  for (const FileEnding& each : kEndings) {
    if (!each.is_text) continue;
    if (!last.empty()) list += (list.empty() ? "" : ", ") + last;
    last = each.ending;
  }
  return list + " or " + last;
}

}  // namespace fude
