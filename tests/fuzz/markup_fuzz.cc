// Markdown and HTML.
#include "fuzz/documents.h"

using namespace fude;

FUDE_FUZZ(FuzzInput input) {
  static const char* const kRuby[] = {"strip", "keep", "reading"};
  const uint8_t choice = input.byte();
  FormatOptions options;
  options.ruby = kRuby[choice / 2 % 3];
  options.blank_lines = (choice & 0x80) != 0;
  fuzz_format(choice % 2 == 0 ? "markdown" : "html", input.rest(), options, 7);
}
