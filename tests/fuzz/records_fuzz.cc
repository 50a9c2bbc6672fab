// Files of records: JSON Lines, CSV, TSV, each with a template.
#include "fuzz/documents.h"

using namespace fude;

FUDE_FUZZ(FuzzInput input) {
  static const char* const kFormats[] = {"jsonl", "csv", "tsv"};
  const char* const format = kFormats[input.byte() % 3];
  const size_t portion = size_t{1} + input.byte();
  FormatOptions options;
  options.record_template = replace_invalid_utf8(input.line());
  fuzz_format(format, input.rest(), options, portion);
}
