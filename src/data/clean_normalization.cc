#include <algorithm>

#include "data/clean_stages.h"

namespace fude {

NormalizationStage::NormalizationStage(const CleanOptions& options, CleanReport& report, DocumentSink& next)
    : report_(report), normalizer_(parse_normalization(options.normalize)), out_(next) {}

void NormalizationStage::text(std::string_view piece) { take(normalizer_.push(piece)); }

void NormalizationStage::take(const StreamingNormalizer::Part& part) {
  if (part.after.data() != part.before.data()) {
    count_lines(part.before, part.after);
  } else if (part.before.find('\n') != std::string_view::npos) {
    line_is_counted_ = false;
  }
  out_.append(part.after);
}

// Normalization neither makes nor takes newlines, so lines stand against lines.
void NormalizationStage::count_lines(std::string_view before, std::string_view after) {
  while (!before.empty() || !after.empty()) {
    const size_t end_before = std::min(before.find('\n'), before.size());
    const size_t end_after = std::min(after.find('\n'), after.size());
    if (before.substr(0, end_before) != after.substr(0, end_after) && !line_is_counted_) {
      ++report_.normalized_lines;
      line_is_counted_ = true;
    }
    if (end_before == before.size()) break;
    line_is_counted_ = false;
    before.remove_prefix(end_before + 1);
    after.remove_prefix(std::min(end_after + 1, after.size()));
  }
}

void NormalizationStage::end_document() {
  take(normalizer_.finish());
  line_is_counted_ = false;
  out_.end_document();
}

}  // namespace fude
