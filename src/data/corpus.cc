#include "fude/data/corpus.h"

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <optional>
#include <utility>

#include "base/file.h"
#include "base/hash.h"
#include "base/problems.h"
#include "data/input_files.h"
#include "fude/base/error.h"
#include "fude/text/unicode.h"

namespace fude {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

std::string shown_name(const std::string& file) { return file == "-" ? "standard input" : file; }

// A safetensors file: eight bytes that give the length of the JSON object that follows.
bool is_model(const std::string& name, std::string_view bytes) {
  if (std::filesystem::path(name).extension() == ".safetensors") return true;
  uint64_t header_size = 0;
  if (bytes.size() <= sizeof header_size || bytes[sizeof header_size] != '{') return false;
  std::memcpy(&header_size, bytes.data(), sizeof header_size);
  return header_size <= bytes.size() - sizeof header_size;
}

bool is_utf16(std::string_view bytes) { return bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF"); }

void refuse_what_is_no_text(const std::string& file, std::string_view bytes) {
  const std::string name = shown_name(file);
  if (is_model(file, bytes))
    throw DataError(name + " is a model, not text", "give a text file here; `fude generate -m` writes with a model");
  if (is_utf16(bytes))
    throw DataError(name + " is UTF-16, not UTF-8", "convert it: iconv -f UTF-16 -t UTF-8 " + file + " > utf8.txt");
  if (const size_t nul = bytes.find('\0'); nul != std::string_view::npos) {
    throw DataError(name + " is binary, not text: a zero byte at byte offset " + std::to_string(nul),
                    "give plain text; unpack or convert other formats first");
  }
}

[[noreturn]] void throw_invalid(const std::string& file, std::string_view bytes, size_t offset) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  const auto line = 1 + std::count(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(offset), '\n');
  const auto byte = static_cast<unsigned char>(bytes[offset]);
  throw DataError(shown_name(file) + ":" + std::to_string(line) + ": not valid UTF-8 at byte offset " +
                      std::to_string(offset) + ": 0x" + kDigits[byte >> 4] + kDigits[byte & 15],
                  "convert the file to UTF-8, or go on with --invalid replace");
}

void split_documents(std::string_view text, std::string_view separator,
                     const std::function<void(std::string_view)>& sink) {
  while (!text.empty()) {
    const size_t end = separator.empty() ? std::string_view::npos : text.find(separator);
    const std::string_view document = text.substr(0, end);
    if (!document.empty()) sink(document);
    if (end == std::string_view::npos) return;
    text.remove_prefix(end + separator.size());
  }
}

// The length of the first piece of `text`.
size_t piece_size(std::string_view text) {
  if (text.size() <= kPieceBytes) return text.size();
  const size_t newline = text.rfind('\n', kPieceBytes - 1);
  return newline != std::string_view::npos ? newline + 1 : complete_utf8_prefix(text.substr(0, kPieceBytes));
}

}  // namespace

void CorpusOptions::validate() const {
  Problems problems;
  problems.unless(!inputs.empty(), "no input: name a file, a folder or - for standard input");
  problems.unless(std::find(inputs.begin(), inputs.end(), "") == inputs.end(), "an input has an empty name");
  problems.unless(invalid == "error" || invalid == "replace", "invalid must be error or replace, got " + invalid);
  problems.unless(find_invalid_utf8(doc_sep) == kValidUtf8, "doc_sep must be valid UTF-8");
  problems.raise();
}

Corpus::Corpus(CorpusOptions options) : options_(std::move(options)) {
  options_.validate();
  files_ = find_input_files(options_.inputs);
  for (const std::string& file : files_) {
    std::error_code unreadable;
    if (file == "-") {
      kept_[file] = read_stdin();
    } else if (!std::filesystem::is_regular_file(file, unreadable)) {
      kept_[file] = read_file(file);
    }
  }
  Hasher hasher;
  info_.files = static_cast<int>(files_.size());
  const Repairs repairs = read([&](std::string_view document) {
    const auto size = static_cast<uint64_t>(document.size());
    hasher.update(document);
    hasher.update(bytes_of(size));
    info_.documents += 1;
    info_.bytes += static_cast<int64_t>(size);
    info_.code_points += static_cast<int64_t>(count_code_points(document));
  });
  info_.digest = hasher.hex();
  info_.replaced = static_cast<int64_t>(repairs.replaced);
  info_.byte_order_marks = repairs.byte_order_marks;
  if (info_.documents == 0) {
    const std::string what = files_.size() == 1 ? shown_name(files_[0]) + " is empty" : "all input files are empty";
    throw DataError(what + ": there is no text to read", "give a file with some text in it");
  }
}

void Corpus::for_each(const std::function<void(std::string_view)>& sink) const { read(sink); }

void Corpus::visit(DocumentSink& sink) const {
  read([&](std::string_view document) {
    while (!document.empty()) {
      const size_t size = piece_size(document);
      sink.text(document.substr(0, size));
      document.remove_prefix(size);
    }
    sink.end_document();
  });
}

Corpus::Repairs Corpus::read(const std::function<void(std::string_view)>& sink) const {
  Repairs repairs;
  for (const std::string& file : files_) {
    const auto kept = kept_.find(file);
    std::optional<MappedFile> mapped;
    const std::string_view bytes = kept != kept_.end() ? kept->second : mapped.emplace(file).text();
    refuse_what_is_no_text(file, bytes);
    std::string repaired;
    std::string_view text = bytes;
    if (const size_t offset = find_invalid_utf8(bytes); offset != kValidUtf8) {
      if (options_.invalid == "error") throw_invalid(file, bytes, offset);
      repaired = replace_invalid_utf8(bytes, &repairs.replaced);
      text = repaired;
    }
    if (text.starts_with(kByteOrderMark)) {
      text.remove_prefix(kByteOrderMark.size());
      ++repairs.byte_order_marks;
    }
    split_documents(text, options_.doc_sep, sink);
  }
  return repairs;
}

}  // namespace fude
