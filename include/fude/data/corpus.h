// The user's text: files, folders, globs and standard input as one sequence of documents, however large.
//
//   fude::CorpusOptions options;
//   options.inputs = {"stories/", "more/*.txt.gz"};
//   fude::Corpus corpus(options);
//   corpus.visit(sink);
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "fude/data/document_sink.h"
#include "fude/data/format.h"

namespace fude {

class Spool;

struct CorpusOptions {
  // Files, folders (every text file below: .txt .text .log .md .markdown .html .htm .xhtml .csv .tsv .jsonl .ndjson,
  // also with .gz or .zst behind it, sorted by path, hidden ones left out), globs (where no file has that very name),
  // "-" for standard input. A file that is found twice is read once, where it came first.
  std::vector<std::string> inputs;
  // Paths of files that are left out where a folder or glob holds them.
  std::vector<std::string> not_these = {};
  // What the files are written in: any name that ICU knows, or auto: each file's own is found out.
  std::string encoding = "auto";
  // What undecodable bytes, and halves of characters in JSON, meet: error (DataError with file, line and byte offset) |
  // replace (U+FFFD, counted) | skip (left out, counted).
  std::string invalid = "error";
  // What form the text comes in, and where documents end.
  FormatOptions format = {};
  // For what can be read only once and is larger than memory should hold; empty: the system's own (TMPDIR).
  std::string temporary_folder = {};

  // Every problem at once as a ConfigError.
  void validate() const;
};

// One file as it was read.
struct FileInfo {
  std::string name;                // "-" for standard input
  std::string encoding = "UTF-8";  // found out, or as the options have it
  int confidence = 100;            // percent; 0: taken for UTF-8, which it is not, as nothing else is likely
  std::string perhaps = {};        // then the best guess, if any
  std::string compression = {};    // gzip | zstd | empty: none
  std::string format = {};         // found out, or as the options have it; empty: the file is
  std::string format_reason = {};  // why, where it was found out; empty for plain that is expected
  bool byte_order_mark = false;
  int64_t invalid = 0;  // undecodable sequences replaced or left out
  int64_t code_points = 0;
  std::string digest = {};  // of its documents, as CorpusInfo::digest
};

struct CorpusInfo {
  int files = 0;
  int64_t documents = 0;
  int64_t bytes = 0;  // of UTF-8
  int64_t code_points = 0;
  int64_t carriage_returns = 0;  // of Windows line ends, mostly
  // Undecodable sequences that became U+FFFD, or were left out.
  int64_t replaced = 0;
  int64_t skipped = 0;
  // Dropped at the starts of files.
  int64_t byte_order_marks = 0;
  // XXH3-128 of the documents and where they end, as 32 hexadecimal digits: equal for equal documents, whatever files
  // and options they came from.
  std::string digest;
  // In reading order.
  std::vector<FileInfo> sources;
  // What the files' forms had beside the text.
  FormatReport format;
  // What of the folders was not taken: files by the ending of their name ("" for none), and else under what it is:
  // hidden | links to nothing | links to folders | training runs, where a folder counts once.
  std::map<std::string, int64_t> left_out;
  // How often a file was named or found again, which is read once.
  int64_t repeats = 0;
  // A separator of documents was given, and none of the files has it.
  bool separator_missing = false;
  // Documents were to end at separators or blank lines, which do not divide the records of some file.
  bool records_undivided = false;
  // There is a template, and no records that it could be filled with.
  bool template_unused = false;
};

// A line for each file that is not plain text in UTF-8, for people: "a.txt: Shift_JIS (97 % sure), gzip, aozora
// (ruby)". At most `limit` of them, those whose encoding is least sure, and then how many more there are of each kind.
// Then what was left out of the folders, and whether the separator was nowhere.
std::vector<std::string> describe_sources(const CorpusInfo& info, size_t limit = 10);
// What the forms had beside the text: "in them: 1 header removed, 12 notes removed"; empty where that is nothing.
std::string describe_found(const CorpusInfo& info);
// "2 undecodable byte sequences became U+FFFD", or "... were left out"; empty where there was none.
std::string describe_invalid(const CorpusInfo& info);

// Takes the share of a pass over a corpus that is done, 0 to 1, each time a piece was read.
using ReadProgress = std::function<void(double share)>;

class Corpus {
 public:
  // Finds the files and reads them all once, so what is wrong with any of them is said here. IoError for a missing file
  // and for a folder or glob that holds no text; DataError when everything is empty, bytes are undecodable (unless
  // replaced or skipped), an archive is damaged, or a file is a model, binary or of a form that is no text (RTF, PDF).
  // What can be read only once (standard input, pipes) is kept: in memory, or a temporary file when it is larger than
  // 64 MiB. `progress` may be empty; this pass and all later ones call it.
  explicit Corpus(CorpusOptions options, ReadProgress progress = {});
  ~Corpus();
  Corpus(Corpus&&) noexcept;
  Corpus& operator=(Corpus&&) noexcept;

  // Hands over the documents: valid UTF-8, none empty; a byte order mark at a file's start is dropped and CRLF kept as
  // it is. Takes a few MiB, however long documents and lines are. Throws like the constructor, and DataError behind a
  // file that is not what the constructor read: it was changed meanwhile.
  void visit(DocumentSink& sink) const;
  // The same documents, each as a whole, which has to fit in memory.
  void for_each(const std::function<void(std::string_view)>& sink) const;

  // Figures of all documents, as the constructor found them.
  const CorpusInfo& info() const { return info_; }
  const CorpusOptions& options() const { return options_; }
  // The files found, in reading order ("-" for standard input).
  const std::vector<std::string>& files() const { return files_; }

 private:
  // Reads file `k`, and says how; encoding and format are found out where they are not `known`. `done`: bytes of files
  // read so far in this pass.
  FileInfo read(size_t k, const FileInfo& known, DocumentSink& sink, FormatReport& report, int64_t& done) const;

  CorpusOptions options_;
  std::vector<std::string> files_;
  // What could be read only once, by name.
  std::map<std::string, std::unique_ptr<Spool>> kept_;
  CorpusInfo info_;
  ReadProgress progress_;
  int64_t file_bytes_ = 0;  // of all files whose size is known
};

}  // namespace fude
