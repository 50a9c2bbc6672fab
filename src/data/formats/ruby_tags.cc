#include "data/formats/ruby_tags.h"

namespace fude {

void RubyTags::start(std::string_view element, TextFlow& flow) {
  if (element == "ruby") ++in_ruby_;
  if (element == "rp") ++in_bracket_;
  if (element != "rt") return;
  ++in_reading_;
  ++report_->ruby;
  report_->ruby_kept += keep_ ? 1 : 0;
  report_->ruby_in_place += in_place_ ? 1 : 0;
  if (keep_) flow.text("《");
}

void RubyTags::end(std::string_view element, TextFlow& flow) {
  const auto close = [](int& open) {
    if (open == 0) return false;
    --open;
    return true;
  };
  if (element == "ruby") close(in_ruby_);
  if (element == "rp") close(in_bracket_);
  if (element == "rt" && close(in_reading_) && keep_) flow.text("》");
}

bool RubyTags::shows_text() const {
  if (in_bracket_ > 0) return false;
  if (in_reading_ > 0) return keep_ || in_place_;
  return in_ruby_ == 0 || !in_place_;
}

}  // namespace fude
