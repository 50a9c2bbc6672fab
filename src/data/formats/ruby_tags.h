// Ruby as HTML writes it: <ruby>base<rp>(</rp><rt>reading</rt><rp>)</rp></ruby>.
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
  void close_all() { in_ruby_ = in_reading_ = in_bracket_ = 0; }
  // Whether text at this place is wanted.
  bool shows_text() const;

 private:
  bool keep_;
  bool in_place_;
  FormatReport* report_;
  // How many of them are open.
  int in_ruby_ = 0;
  int in_reading_ = 0;
  int in_bracket_ = 0;
};

}  // namespace fude
