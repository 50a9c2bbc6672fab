#include "data/text_file.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <filesystem>
#include <optional>
#include <utility>

#include "fude/base/error.h"
#include "fude/text/encoding.h"

namespace fude {
namespace {

// Bytes read at a time, and looked at to find out an encoding.
constexpr size_t kChunk = kPieceBytes;
// Bytes beyond ASCII that tell little where more may come: the next chunk is waited for.
constexpr int64_t kTelling = 64;

// A safetensors file: eight bytes that give the length of the JSON object that follows.
bool is_model(const std::string& name, std::string_view start, bool whole) {
  if (std::filesystem::path(name).extension() == ".safetensors") return true;
  uint64_t header_size = 0;
  if (start.size() <= sizeof header_size || start[sizeof header_size] != '{') return false;
  std::memcpy(&header_size, start.data(), sizeof header_size);
  const uint64_t rest = start.size() - sizeof header_size;
  // Text would make a number that is far larger: its bytes are no zeros.
  return whole ? header_size <= rest : header_size < uint64_t{1} << 32;
}

// Forms of documents that hold text and are none, by how they start.
void refuse_documents(std::string_view start, const std::string& name) {
  struct Form {
    std::string_view start;
    const char* what;
  };
  constexpr std::array<Form, 3> kForms = {{{"{\\rtf", "an RTF document"},
                                           {"%PDF-", "a PDF document"},
                                           {"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "an old Office document"}}};
  for (const Form& form : kForms)
    if (start.starts_with(form.start))
      throw DataError(name + " is " + form.what + ", not text",
                      "convert it to plain text or HTML first: the program that opens it can save it so");
}

// Bytes that not every encoding here writes alike. An escape may begin ISO-2022-JP, a zero may be half of a unit.
int64_t count_telling(std::string_view bytes) {
  return std::count_if(bytes.begin(), bytes.end(), [](char c) { return (c & 0x80) != 0 || c == '\x1B' || c == '\0'; });
}

std::string hint_for(const DetectedEncoding& found, bool detected) {
  if (!detected)
    return "it may be in another encoding: let it be found out with --encoding auto, or go on with --invalid replace "
           "(or skip)";
  std::string hint;
  if (!found.perhaps.empty()) hint = "it may be " + found.perhaps + ": ";
  if (found.confidence < 100 && found.perhaps.empty() && found.confidence > 0)
    hint = found.name + " is a guess (" + std::to_string(found.confidence) + " % sure): ";
  return hint + "name the encoding with --encoding, or go on with --invalid replace (or skip)";
}

// A file on its way from bytes to text.
class Reading {
 public:
  Reading(const std::string& file, const CorpusOptions& options, std::string encoding, FileInfo& info)
      : name_(shown_name(file)),
        encoding_(std::move(encoding)),
        on_invalid_(parse_on_invalid(options.invalid)),
        takes_zeros_(options.encoding != "auto"),
        info_(&info) {}

  void push(std::string_view chunk, bool last, const TextDecoder::Sink& sink) {
    if (!held_.empty()) {
      held_ += chunk;
      take(std::exchange(held_, {}), last, sink);
    } else if (!decoder_ && encoding_ == "auto" && !last && tells_little(chunk)) {
      held_ = chunk;
    } else {
      take(chunk, last, sink);
    }
  }

  void finish(const TextDecoder::Sink& sink) {
    if (!decoder_) return;
    decoder_->finish(sink);
    info_->invalid = decoder_->invalid();
    info_->byte_order_mark = decoder_->had_byte_order_mark();
  }

 private:
  static bool tells_little(std::string_view chunk) {
    const int64_t telling = count_telling(chunk);
    return telling > 0 && telling < kTelling;
  }

  void take(std::string_view chunk, bool last, const TextDecoder::Sink& sink) {
    if (!decoder_ && (encoding_ != "auto" || count_telling(chunk) > 0)) settle(chunk, last);
    if (!takes_zeros_) refuse_zeros(chunk);
    if (decoder_) {
      decoder_->push(chunk, sink);
    } else if (!chunk.empty()) {
      before_.lines += std::count(chunk.begin(), chunk.end(), '\n');
      sink(chunk);
    }
    before_.bytes += static_cast<int64_t>(chunk.size());
  }

  void settle(std::string_view sample, bool last) {
    const bool detected = encoding_ == "auto";
    const DetectedEncoding found =
        detected ? detect_encoding(sample, last) : DetectedEncoding{with_byte_order(encoding_, sample, last)};
    info_->confidence = found.confidence;
    info_->perhaps = found.perhaps;
    takes_zeros_ = takes_zeros_ || has_wide_units(found.name);
    decoder_.emplace(found.name, on_invalid_, name_, hint_for(found, detected), before_);
    info_->encoding = decoder_->encoding();
  }

  // In every encoding but UTF-16 and UTF-32 a zero byte is a character that no text has: only who names the encoding
  // knows better.
  void refuse_zeros(std::string_view chunk) {
    if (const size_t nul = chunk.find('\0'); nul != std::string_view::npos) {
      throw DataError(
          name_ + " is binary, not text: a zero byte at byte offset " +
              std::to_string(before_.bytes + static_cast<int64_t>(nul)),
          "give plain text; unpack or convert other formats first, and where it is text, name its --encoding");
    }
  }

  std::string name_;
  std::string encoding_;
  OnInvalid on_invalid_;
  bool takes_zeros_;
  FileInfo* info_;
  std::optional<TextDecoder> decoder_;  // none while only ASCII has come
  std::string held_;                    // a chunk that tells little, until the next one has come
  DecodedBefore before_;
};

}  // namespace

std::string shown_name(const std::string& file) { return file == "-" ? "standard input" : file; }

void read_text(std::unique_ptr<ByteSource> bytes, const std::string& file, const CorpusOptions& options,
               const std::string& encoding, FileInfo& info, const std::function<void(std::string_view)>& sink) {
  info = {.name = file};
  bytes = unpack(std::move(bytes), shown_name(file), &info.compression);
  Reading reading(file, options, encoding, info);
  std::string chunk(kChunk, '\0');
  for (bool first = true, last = false; !last; first = false) {
    const std::string_view read = std::string_view(chunk).substr(0, bytes->read(chunk));
    last = read.size() < chunk.size();
    if (first && is_model(file, read, last))
      throw DataError(shown_name(file) + " is a model, not text",
                      "give a text file here; `fude generate -m` writes with a model");
    if (first) refuse_documents(read, shown_name(file));
    reading.push(read, last, sink);
  }
  reading.finish(sink);
}

}  // namespace fude
