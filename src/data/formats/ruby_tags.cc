#include "data/formats/ruby_tags.h"

namespace fude {

void RubyTags::start(std::string_view element, TextFlow& flow) {
  const bool is_bracket = element == "rp", is_reading = element == "rt";
  if (is_bracket || is_reading || element == "ruby" || element == "rb" || element == "rtc") end_part(flow);
  if (element == "ruby") ++in_ruby_;
  if (is_bracket) part_ = Part::kBracket;
  if (!is_reading) return;
  part_ = Part::kReading;
  ++report_->ruby;
  report_->ruby_kept += keep_ ? 1 : 0;
  report_->ruby_in_place += in_place_ ? 1 : 0;
  if (keep_) flow.text("《");
}

void RubyTags::end(std::string_view element, TextFlow& flow) {
  if (element == "ruby" || (element == "rp" && part_ == Part::kBracket) || (element == "rt" && part_ == Part::kReading))
    end_part(flow);
  if (element == "ruby" && in_ruby_ > 0) --in_ruby_;
}

void RubyTags::close_all(TextFlow& flow) {
  end_part(flow);
  in_ruby_ = 0;
}

void RubyTags::end_part(TextFlow& flow) {
  if (part_ == Part::kReading && keep_) flow.text("》");
  part_ = Part::kBase;
}

bool RubyTags::shows_text() const {
  if (part_ == Part::kBracket) return false;
  if (part_ == Part::kReading) return keep_ || in_place_;
  return in_ruby_ == 0 || !in_place_;
}

}  // namespace fude
