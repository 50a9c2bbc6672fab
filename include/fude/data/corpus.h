// The user's text: files, folders, globs and standard input as one sequence of documents.
//
//   fude::CorpusOptions options;
//   options.inputs = {"stories/", "more/*.txt"};
//   fude::Corpus corpus(options);
//   corpus.for_each([](std::string_view text) { use(text); });
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "fude/data/document_sink.h"

namespace fude {

struct CorpusOptions {
  // Files, folders (every text file below: .txt .text .md, sorted by path, hidden ones left out), globs (where no file
  // has that very name), "-" for standard input. A file that is found twice is read once, where it came first.
  std::vector<std::string> inputs;
  // What invalid UTF-8 meets: error (DataError with file and byte offset) | replace (U+FFFD, counted).
  std::string invalid = "error";
  // Text that separates documents within a file, removed from them ("\n" makes each line one); empty: a file is a
  // document.
  std::string doc_sep;

  // Every problem at once as a ConfigError.
  void validate() const;
};

struct CorpusInfo {
  int files = 0;
  int64_t documents = 0;
  int64_t bytes = 0;
  int64_t code_points = 0;
  // Invalid sequences that became U+FFFD.
  int64_t replaced = 0;
  // Dropped at the starts of files.
  int64_t byte_order_marks = 0;
  // XXH3-128 of the documents and where they end, as 32 hexadecimal digits: equal for equal documents, whatever files
  // and options they came from.
  std::string digest;
};

class Corpus {
 public:
  // Finds the files and reads them all once, so what is wrong with any of them is said here. IoError for a missing file
  // and for a folder or glob that holds no text; DataError when everything is empty, UTF-8 is invalid (unless
  // replaced), or a file is a model or binary. What can be read only once (standard input, pipes) is kept in memory.
  explicit Corpus(CorpusOptions options);

  // Hands over each document, valid UTF-8, not empty; a UTF-8 BOM at a file's start is dropped and CRLF kept as it is.
  // Views are valid during the call only. Throws like the constructor when a file was changed for the worse meanwhile.
  void for_each(const std::function<void(std::string_view)>& sink) const;
  // The same documents piece by piece.
  void visit(DocumentSink& sink) const;

  // Figures of all documents, as the constructor found them.
  const CorpusInfo& info() const { return info_; }
  const CorpusOptions& options() const { return options_; }
  // The files found, in reading order ("-" for standard input).
  const std::vector<std::string>& files() const { return files_; }

 private:
  // What read() had to mend.
  struct Repairs {
    size_t replaced = 0;
    int64_t byte_order_marks = 0;
  };
  Repairs read(const std::function<void(std::string_view)>& sink) const;

  CorpusOptions options_;
  std::vector<std::string> files_;
  // Content of standard input and of pipes, by name.
  std::map<std::string, std::string> kept_;
  CorpusInfo info_;
};

}  // namespace fude
