// The user's text: files, folders, globs and standard input as one sequence of documents.
//
//   fude::CorpusOptions options;
//   options.inputs = {"stories/", "more/*.txt"};
//   fude::Corpus corpus(options);
//   corpus.for_each([](std::string_view text) { use(text); });
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace fude {

struct CorpusOptions {
  // Files, folders (every text file below: .txt .text .md, sorted by path, hidden ones left out), globs, "-" for standard input.
  std::vector<std::string> inputs;
  // What invalid UTF-8 meets: error (DataError with file and byte offset) | replace (U+FFFD, counted).
  std::string invalid = "error";
  // Text that separates documents within a file, removed from them ("\n" makes each line one); empty: a file is a document.
  std::string doc_sep;

  void validate() const;
};

struct CorpusInfo {
  int files = 0;
  int64_t documents = 0;
  int64_t bytes = 0;
  int64_t code_points = 0;
  // Invalid sequences that became U+FFFD.
  int64_t replaced = 0;
  // XXH3-128 of options and text.
  std::string digest;
};

class Corpus {
 public:
  // Finds the files (standard input is read here, once, and kept). IoError for a missing file, a folder or glob that
  // holds no text; DataError when everything is empty or a file is a Fude model or a binary file.
  explicit Corpus(CorpusOptions options);

  // Hands over each document, valid UTF-8, not empty; a UTF-8 BOM at a file's start is dropped and CRLF kept as it is.
  // Views are valid during the call only.
  void for_each(const std::function<void(std::string_view)>& sink) const;

  // Figures of all documents; the first call reads the corpus.
  const CorpusInfo& info() const;
  const CorpusOptions& options() const { return options_; }
  // The files found, in reading order ("-" for standard input).
  const std::vector<std::string>& files() const { return files_; }

 private:
  CorpusOptions options_;
  std::vector<std::string> files_;
  std::string stdin_text_;
  mutable CorpusInfo info_;
};

}  // namespace fude
