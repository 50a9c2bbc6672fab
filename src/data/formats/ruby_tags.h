// Ruby as HTML writes it: <ruby>base<rp>(</rp><rt>reading</rt><rp>)</rp></ruby>. The ends of rt and rp may be left out:
// each lasts until the next part or the end of the ruby.
#pragma once

#include <string>
#include <string_view>

#include "data/formats/text_flow.h"
#include "fude/data/format.h"

namespace fude {

class RubyTags {
 public:
  // `ruby` as in FormatOptions. `report` must outlive this.
  RubyTags(const std::string& ruby, FormatReport& report)
      : keep_(ruby == "keep"), in_place_(ruby == "reading"), report_(&report) {}

  // An element begins or ends; `element` in small letters. Those that are not ruby change nothing.
  void start(std::string_view element, TextFlow& flow);
  void end(std::string_view element, TextFlow& flow);
  // What was not closed ends here.
  void close_all(TextFlow& flow);
  // Whether text at this place is wanted.
  bool shows_text() const;

 private:
  enum class Part { kBase, kReading, kBracket };

  void end_part(TextFlow& flow);

  bool keep_;
  bool in_place_;
  FormatReport* report_;
  Part part_ = Part::kBase;
  int in_ruby_ = 0;  // how many of them are open
};

}  // namespace fude
