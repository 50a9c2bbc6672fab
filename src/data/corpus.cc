#include "fude/data/corpus.h"

#include <algorithm>
#include <filesystem>
#include <span>
#include <utility>

#include "base/file.h"
#include "base/hash.h"
#include "base/numbers.h"
#include "base/problems.h"
#include "data/byte_source.h"
#include "data/format_reader.h"
#include "data/input_files.h"
#include "data/text_file.h"
#include "fude/base/error.h"
#include "fude/text/encoding.h"
#include "fude/text/unicode.h"

namespace fude {
namespace {

std::unique_ptr<Spool> keep(const std::string& file, const std::string& folder) {
  std::error_code unreadable;
  if (file == "-") return stdin_is_regular_file() ? nullptr : std::make_unique<Spool>(*open_stdin(), folder);
  if (std::filesystem::is_regular_file(file, unreadable)) return nullptr;
  return std::make_unique<Spool>(*open_file(file), folder);
}

// Counts what is read.
class Counted : public ByteSource {
 public:
  Counted(std::unique_ptr<ByteSource> source, int64_t& count) : source_(std::move(source)), count_(&count) {}
  size_t read(std::span<char> out) override {
    const size_t size = source_->read(out);
    *count_ += static_cast<int64_t>(size);
    return size;
  }

 private:
  std::unique_ptr<ByteSource> source_;
  int64_t* count_;
};

int64_t total_size(const std::vector<std::string>& files) {
  int64_t total = 0;
  for (const std::string& file : files) {
    std::error_code unknown;
    const uintmax_t size = std::filesystem::file_size(file, unknown);
    if (!unknown) total += static_cast<int64_t>(size);
  }
  return total;
}

// Of documents and where they end.
class Digest : public DocumentSink {
 public:
  void text(std::string_view piece) override {
    hasher_.update(piece);
    size_ += piece.size();
  }
  void end_document() override { hasher_.update(bytes_of(std::exchange(size_, 0))); }

  void reset() { hasher_.reset(); }
  std::string hex() const { return hasher_.hex(); }

 private:
  Hasher hasher_;
  uint64_t size_ = 0;  // of the document
};

// The figures and the digests of documents that pass by.
class Figures : public DocumentSink {
 public:
  explicit Figures(CorpusInfo& info) : info_(&info) {}

  void text(std::string_view piece) override {
    for (Digest* const digest : {&all_, &file_}) digest->text(piece);
    info_->bytes += static_cast<int64_t>(piece.size());
    info_->code_points += static_cast<int64_t>(count_code_points(piece));
    info_->carriage_returns += std::count(piece.begin(), piece.end(), '\r');
  }

  void end_document() override {
    for (Digest* const digest : {&all_, &file_}) digest->end_document();
    info_->documents += 1;
  }

  void begin_file() { file_.reset(); }
  std::string file_digest() const { return file_.hex(); }
  std::string digest() const { return all_.hex(); }

 private:
  CorpusInfo* info_;
  Digest all_;
  Digest file_;
};

// Passes documents on, and takes their digest.
class Digested : public DocumentSink {
 public:
  explicit Digested(DocumentSink& next) : next_(&next) {}

  void text(std::string_view piece) override {
    digest_.text(piece);
    next_->text(piece);
  }
  void end_document() override {
    digest_.end_document();
    next_->end_document();
  }

  std::string digest() const { return digest_.hex(); }

 private:
  DocumentSink* next_;
  Digest digest_;
};

class WholeDocuments : public DocumentSink {
 public:
  explicit WholeDocuments(const std::function<void(std::string_view)>& sink) : sink_(&sink) {}

  void text(std::string_view piece) override { document_ += piece; }
  void end_document() override {
    (*sink_)(document_);
    document_.clear();
  }

 private:
  const std::function<void(std::string_view)>* sink_;
  std::string document_;
};

// Text looked at to find out a file's format.
constexpr size_t kFormatEvidence = size_t{1} << 16;
// Per cent: what is less sure than that is told with what to do about it.
constexpr int kRatherSure = 50;

// Lines that end with CR alone, as old Macs wrote them.
bool has_only_cr(std::string_view head) {
  const size_t cr = head.find('\r');
  return cr < kFormatEvidence - 1 && head.substr(0, kFormatEvidence).find('\n') == std::string_view::npos;
}

// Forms are read by lines that end with LF; but CR is text within the quotes of a record, and where nobody asks for
// lines.
bool wants_lf(const std::string& format, const FormatOptions& options) {
  const bool asks_for_lines = options.blank_lines || options.doc_sep.find('\n') != std::string::npos;
  return format == "plain" ? asks_for_lines : format != "csv" && format != "tsv";
}

// Each CR, and CR LF, as LF; `after_cr` is carried from piece to piece.
std::string with_lf(std::string_view text, bool& after_cr, int64_t& changed) {
  std::string mended;
  for (const char c : text) {
    if (!(c == '\n' && after_cr)) mended += c == '\r' ? '\n' : c;
    after_cr = c == '\r';
    changed += after_cr ? 1 : 0;
  }
  return mended;
}

// And nothing is odd about it.
bool is_plain_format(const FileInfo& file) {
  return file.format.empty() || (file.format == "plain" && file.format_reason.empty());
}

bool is_plain(const FileInfo& file) {
  return file.encoding == "UTF-8" && file.confidence == 100 && file.compression.empty() && is_plain_format(file);
}

std::string described(const FileInfo& file) {
  std::string text = shown_name(file.name) + ": ";
  if (file.confidence == 0) {
    text += "taken for UTF-8" + (file.perhaps.empty() ? "" : ", may be " + file.perhaps);
  } else {
    text += file.encoding;
    if (file.confidence < 100)
      text += " (" + std::to_string(file.confidence) + " % sure" +
              (file.confidence < kRatherSure ? "; if it is another: --encoding NAME)" : ")");
  }
  if (!file.compression.empty()) text += ", " + file.compression;
  if (!is_plain_format(file)) text += ", " + file.format;
  return text + (file.format_reason.empty() ? "" : " (" + file.format_reason + ")");
}

// ".log (2), .json"; the commonest kinds first, at most eight of them.
std::string counted_kinds(const std::map<std::string, int64_t>& counts) {
  constexpr size_t kMostNamed = 8;
  std::vector<std::pair<std::string, int64_t>> kinds(counts.begin(), counts.end());
  std::stable_sort(kinds.begin(), kinds.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  std::string named;
  for (size_t k = 0; k < std::min(kinds.size(), kMostNamed); ++k) {
    const auto& [kind, count] = kinds[k];
    named += (k == 0 ? "" : ", ") + (kind.empty() ? "no ending" : kind);
    if (count > 1) named += " (" + with_commas(count) + ")";
  }
  return named + (kinds.size() > kMostNamed ? " and others" : "");
}

// "3 left out of the folders: .log (2), .json"
std::string described_left_out(const std::map<std::string, int64_t>& endings) {
  int64_t all = 0;
  for (const auto& [ending, count] : endings) all += count;
  return with_commas(all) + " left out of the folders: " + counted_kinds(endings);
}

// "windows-1251, html"
std::string kind_of(const FileInfo& file) {
  std::string kind = file.confidence == 0 ? "taken for UTF-8" : file.encoding;
  if (!file.compression.empty()) kind += ", " + file.compression;
  return is_plain_format(file) ? kind : kind + ", " + file.format;
}

// Those whose encoding is least sure, in reading order.
std::vector<const FileInfo*> least_sure(std::vector<const FileInfo*> files, size_t count) {
  const auto less_sure = [](const FileInfo* a, const FileInfo* b) { return a->confidence < b->confidence; };
  std::stable_sort(files.begin(), files.end(), less_sure);
  files.resize(std::min(files.size(), count));
  std::sort(files.begin(), files.end());
  return files;
}

// "1 header removed, 2 images removed"
std::string found_in(const CorpusInfo& info) {
  std::string found;
  for (const std::string& each : info.format.described()) found += (found.empty() ? "" : ", ") + each;
  return found;
}

DataError no_text(const CorpusInfo& info) {
  const bool is_one = info.sources.size() == 1;
  if (const std::string found = found_in(info); !found.empty())
    return DataError(
        "nothing is left of " + (is_one ? shown_name(info.sources[0].name) : "the input files") + ": " + found,
        "give a file with some text in it, or take it as it is: --input-format plain");
  if (is_one && (info.sources[0].format == "csv" || info.sources[0].format == "tsv"))
    return DataError(shown_name(info.sources[0].name) + " has no row beside the one that names the columns",
                     "give a file with some rows in it, or take it as it is: --input-format plain");
  const std::string what = is_one ? shown_name(info.sources[0].name) + " is empty" : "all input files are empty";
  return DataError(what + ": there is no text to read", "give a file with some text in it");
}

}  // namespace

void CorpusOptions::validate() const {
  Problems problems;
  problems.unless(!inputs.empty(), "no input: name a file, a folder or - for standard input");
  problems.unless(std::find(inputs.begin(), inputs.end(), "") == inputs.end(), "an input has an empty name");
  problems.unless(encoding == "auto" || is_known_encoding(encoding),
                  "unknown encoding " + encoding +
                      " (known are auto, UTF-8, UTF-16, Shift_JIS, EUC-JP, GB18030, Big5, " +
                      "EUC-KR, windows-1252 and what else ICU has)");
  problems.unless(invalid == "error" || invalid == "replace" || invalid == "skip",
                  "invalid must be error, replace or skip, got " + invalid);
  problems.of(format);
  problems.raise();
}

std::vector<std::string> describe_sources(const CorpusInfo& info, size_t limit) {
  std::vector<const FileInfo*> files;
  for (const FileInfo& file : info.sources)
    if (!is_plain(file)) files.push_back(&file);
  const std::vector<const FileInfo*> named = least_sure(files, limit);
  std::vector<std::string> lines;
  std::map<std::string, int64_t> others;
  for (const FileInfo* const file : files) {
    if (std::binary_search(named.begin(), named.end(), file))
      lines.push_back(described(*file));
    else
      ++others[kind_of(*file)];
  }
  if (!others.empty())
    lines.push_back("and " + counted(static_cast<int64_t>(files.size() - named.size()), "more file") + ": " +
                    counted_kinds(others));
  if (!info.left_out.empty()) lines.push_back(described_left_out(info.left_out));
  if (info.repeats > 0) lines.push_back(counted(info.repeats, "file") + " named or found again, and read once");
  if (info.separator_missing)
    lines.push_back("the separator of documents is in none of the files: each is one document");
  if (info.records_undivided)
    lines.push_back("each record of csv, tsv and jsonl is a document: neither separators nor blank lines divide it");
  if (info.template_unused) lines.push_back("the template has no effect: no csv, tsv or jsonl was read");
  return lines;
}

std::string describe_found(const CorpusInfo& info) {
  const std::string found = found_in(info);
  return found.empty() ? "" : (info.files == 1 ? "in it: " : "in them: ") + found;
}

std::string describe_invalid(const CorpusInfo& info) {
  const int64_t count = info.replaced + info.skipped;
  if (count == 0) return {};
  const std::string what = info.replaced > 0 ? "became U+FFFD" : count == 1 ? "was left out" : "were left out";
  return counted(count, "undecodable byte sequence") + " " + what;
}

Corpus::Corpus(CorpusOptions options, ReadProgress progress)
    : options_(std::move(options)), progress_(std::move(progress)) {
  options_.validate();
  InputFiles found = find_input_files(options_.inputs, options_.not_these);
  files_ = std::move(found.files);
  info_.left_out = std::move(found.left_out);
  info_.repeats = found.repeats;
  info_.files = static_cast<int>(files_.size());
  file_bytes_ = total_size(files_);
  Figures figures(info_);
  int64_t done = 0;
  for (size_t k = 0; k < files_.size(); ++k) {
    if (auto spool = keep(files_[k], options_.temporary_folder)) kept_[files_[k]] = std::move(spool);
    const FileInfo known{.name = files_[k], .encoding = options_.encoding, .format = options_.format.format};
    figures.begin_file();
    const int64_t code_points = info_.code_points;
    FileInfo file = read(k, known, figures, info_.format, done);
    file.code_points = info_.code_points - code_points;
    file.digest = figures.file_digest();
    (options_.invalid == "skip" ? info_.skipped : info_.replaced) += file.invalid;
    info_.byte_order_marks += file.byte_order_mark ? 1 : 0;
    info_.sources.push_back(std::move(file));
  }
  info_.digest = figures.digest();
  info_.separator_missing = !options_.format.doc_sep.empty() && info_.format.separators == 0 &&
                            info_.format.records + info_.format.empty_records == 0;
  const bool any_records = std::any_of(info_.sources.begin(), info_.sources.end(), [](const FileInfo& file) {
    return file.format == "csv" || file.format == "tsv" || file.format == "jsonl";
  });
  info_.records_undivided = (!options_.format.doc_sep.empty() || options_.format.blank_lines) && any_records;
  info_.template_unused = !options_.format.record_template.empty() && !any_records;
  if (info_.documents == 0) throw no_text(info_);
}

Corpus::~Corpus() = default;
Corpus::Corpus(Corpus&&) noexcept = default;
Corpus& Corpus::operator=(Corpus&&) noexcept = default;

void Corpus::visit(DocumentSink& sink) const {
  // As it was found out the first time: later passes see the same text.
  int64_t done = 0;
  FormatReport report;
  for (size_t k = 0; k < files_.size(); ++k) {
    const FileInfo& known = info_.sources[k];
    Digested documents(sink);
    read(k, known, documents, report, done);
    if (documents.digest() != known.digest)
      throw DataError(shown_name(files_[k]) + " was changed while it was read",
                      "start again, and leave it alone meanwhile; or give a copy of it");
  }
}

void Corpus::for_each(const std::function<void(std::string_view)>& sink) const {
  WholeDocuments whole(sink);
  visit(whole);
}

FileInfo Corpus::read(size_t k, const FileInfo& known, DocumentSink& sink, FormatReport& report, int64_t& done) const {
  const std::string& file = files_[k];
  const auto kept = kept_.find(file);
  auto bytes = kept != kept_.end() ? kept->second->open() : file == "-" ? open_stdin() : open_file(file);
  std::unique_ptr<FormatReader> documents;  // none while no text has come
  DetectedFormat format{known.format, known.format_reason};
  FileInfo info;
  std::string head;  // looked at to find out the format and the ends of lines
  bool mends_cr = false, after_cr = false;
  const int64_t surrogates = report.lone_surrogates;
  const auto push = [&](std::string_view text) {
    documents->push(mends_cr ? with_lf(text, after_cr, report.cr_line_ends) : text);
  };
  const auto settle = [&] {
    const bool only_cr = has_only_cr(head);
    if (format.format == "auto") {
      std::string lines = head;
      if (only_cr) std::replace(lines.begin(), lines.end(), '\r', '\n');
      format = detect_format(file, lines);
    }
    mends_cr = only_cr && wants_lf(format.format, options_.format);
    documents = make_format_reader(format.format, options_.format, shown_name(file), report, sink,
                                   parse_on_invalid(options_.invalid));
    push(std::exchange(head, {}));
  };
  const auto take = [&](std::string_view text) {
    if (documents) {
      push(text);
    } else {
      // A piece may be short, as decoding makes them: what is found out does not hang on its length.
      head += text;
      if (head.size() >= kFormatEvidence) settle();
    }
    if (progress_ && file_bytes_ > 0)
      progress_(std::min(1.0, static_cast<double>(done) / static_cast<double>(file_bytes_)));
  };
  read_text(std::make_unique<Counted>(std::move(bytes), done), file, options_, known.encoding, info, take);
  if (!documents && head.empty()) return info;
  if (!documents) settle();
  documents->finish();
  info.invalid += report.lone_surrogates - surrogates;
  info.format = format.format;
  info.format_reason = format.reason;
  return info;
}

}  // namespace fude
