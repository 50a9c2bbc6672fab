// Text read line by line: plain, Aozora Bunko, Project Gutenberg, and what separates documents in it.
#include "fuzz/documents.h"

using namespace fude;

FUDE_FUZZ(FuzzInput input) {
  static const char* const kFormats[] = {"plain", "aozora", "gutenberg", "aozora"};
  static const char* const kRuby[] = {"strip", "keep", "reading", "strip"};
  const uint8_t choice = input.byte();
  const size_t portion = size_t{1} + input.byte() % 64;
  FormatOptions options;
  options.ruby = kRuby[choice >> 2 & 3];
  options.blank_lines = (choice & 0x10) != 0;
  if ((choice & 0x20) != 0) options.doc_sep = replace_invalid_utf8(input.line());
  const auto [format, reason] = detect_format("file", replace_invalid_utf8(input.rest()));
  expect(!format.empty(), "a form is found");
  fuzz_format(kFormats[choice & 3], input.rest(), options, portion);
}
