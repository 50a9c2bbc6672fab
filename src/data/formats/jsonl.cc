// JSON Lines: a record a line.
#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "base/json.h"
#include "data/formats/json_fields.h"
#include "data/formats/readers.h"
#include "data/formats/record_template.h"
#include "data/line_splitter.h"
#include "data/piece_writer.h"
#include "fude/base/error.h"

namespace fude {
namespace {

[[noreturn]] void throw_no_text(const std::string& where, const std::string& field, const Json& value) {
  const Json* const object = first_object(value);
  const std::string problem = where + ": field \"" + field + "\" holds objects or lists of lists, not text";
  if (object == nullptr || object->empty()) throw DataError(problem, "name a field that holds text in --template");
  throw DataError(problem,
                  "name a field inside: --template \"{" + likely_field(fields_of(*object, field + ".")) + "}\"");
}

// "\ud83d" is a unit of UTF-16; 0: no escape begins `text`.
constexpr size_t kEscapeSize = 6;
uint16_t escaped_unit(std::string_view text) {
  text = text.substr(0, kEscapeSize);
  uint16_t unit = 0;
  if (text.size() < kEscapeSize || !text.starts_with("\\u")) return 0;
  const char* const end = text.data() + text.size();
  return std::from_chars(text.data() + 2, end, unit, 16).ptr == end ? unit : uint16_t{0};
}

// Where from `from` on the next escape is that means half of a character, the other half missing.
size_t find_lone_surrogate(std::string_view json, size_t from) {
  constexpr uint16_t kHigh = 0xD800, kLow = 0xDC00, kEither = 0xFC00;
  for (size_t at = json.find('\\', from); at != std::string_view::npos; at = json.find('\\', at)) {
    const int half = escaped_unit(json.substr(at)) & kEither;
    const bool whole = half == kHigh && (escaped_unit(json.substr(at + kEscapeSize)) & kEither) == kLow;
    if (!whole && (half == kHigh || half == kLow)) return at;
    at += whole ? 2 * kEscapeSize : 2;
  }
  return std::string_view::npos;
}

// What a line that is no JSON looks like.
std::string hint_for(std::string_view line) {
  const size_t begin = std::min(line.find_first_not_of(" \t"), line.size());
  line = line.substr(begin, line.find_last_not_of(" \t\r") + 1 - begin);
  if (line == "[" || line == "{" || line == "[{" || line.ends_with(',') || line.ends_with("{"))
    return "this looks like JSON over several lines: JSON Lines has a whole record in each (jq -c . FILE makes it so, "
           "and jq -c '.[]' FILE of one array)";
  return "JSON Lines has a whole JSON value in each line";
}

// With a hint.
Json parse_line(std::string_view line, const std::string& where) {
  try {
    return parse_json(line, where, JsonNumbers::kAsWritten);
  } catch (const FormatError& error) {
    throw FormatError(error.what(), error.hint().empty() ? hint_for(line) : error.hint());
  }
}

class JsonlReader : public FormatReader {
 public:
  JsonlReader(const FormatOptions& options, std::string file_name, FormatReport& report, DocumentSink& sink,
              OnInvalid on_invalid)
      : template_(options.record_template),
        found_(template_.parts().size()),
        lacking_(template_.parts().size()),
        file_name_(std::move(file_name)),
        on_invalid_(on_invalid),
        report_(&report),
        writer_(sink),
        lines_([this](const LinePart& line) { read_line(line); }, kLargestRecord) {}

  void push(std::string_view utf8) override { lines_.push(utf8); }
  void finish() override {
    lines_.finish();
    // Exports leave out what is empty; a field that no record has is a mistake.
    for (size_t i = 0; i < found_.size(); ++i)
      if (!found_[i] && lacking_[i])
        throw_missing_field(lacking_[i]->where, template_.parts()[i].field, lacking_[i]->fields);
  }

 private:
  void read_line(const LinePart& line) {
    const std::string where = file_name_ + ":" + std::to_string(++line_);
    if (!line.ends) {
      throw FormatError(where + ": a line of more than " + std::to_string(kLargestRecord >> 20) + " MiB",
                        "each line, a record, is read as a whole: divide it, or the array in it, into several");
    }
    if (line.content().find_first_not_of(" \t\r") == std::string_view::npos) return;
    const Json record = parse_line(without_lone_surrogates(line.content(), where), where);
    if (record.is_array() && !record.empty() && record.front().is_object())
      throw FormatError(where + ": this is one JSON array, not JSON Lines",
                        "jq -c '.[]' FILE makes a line of each record");
    if (template_.empty()) {
      document_ = only_value(record, where);
      some_text_ = !document_.empty();
    } else {
      if (!record.is_object()) throw FormatError(where + ": expected an object with fields for the template");
      fill_template(record, where);
    }
    ++(some_text_ ? report_->records : report_->empty_records);
    if (!some_text_) return;
    writer_.append(document_);
    writer_.end_document();
  }

  // Makes document_ of a record.
  void fill_template(const Json& record, const std::string& where) {
    document_.clear();
    some_text_ = lacks_ = false;
    const std::vector<RecordTemplate::Part>& parts = template_.parts();
    for (size_t i = 0; i < parts.size(); ++i) {
      std::vector<const Json*> values;
      if (find_values(record, parts[i].field, values)) {
        found_[i] = true;
        continue;
      }
      lacks_ = true;
      if (!found_[i] && !lacking_[i]) lacking_[i] = Lacking{where, fields_of(record)};
    }
    std::string_view before = parts[0].before;
    for (size_t i = 0; i < parts.size();) {
      const Run run = run_at(record, i);
      const std::string_view after =
          run.end < parts.size() ? std::string_view(parts[run.end].before) : template_.after();
      size_t taken = 0;  // of `after`
      if (run.list == nullptr)
        document_.append(before).append(text_at(record, parts[i].field, parts[i].field, where));
      else
        taken = fill_run(record, run, before, after, where);
      before = after.substr(taken);
      i = run.end;
    }
    document_ += before;
    report_->lacking_records += lacks_ ? 1 : 0;
  }

  // Fields of the template, from `begin` up to `end`, that the objects of a list fill one after the other. Without a
  // list it is a single field.
  struct Run {
    const Json* list = nullptr;
    size_t begin = 0, end = 0;
    std::vector<FieldInList> fields;
  };
  // Fields of the same list go together, and so do others between them in the same line.
  Run run_at(const Json& record, size_t begin) const {
    const std::vector<RecordTemplate::Part>& parts = template_.parts();
    Run run{nullptr, begin, begin + 1, {find_list(record, parts[begin].field)}};
    run.list = run.fields[0].list;
    if (run.list == nullptr) return run;
    std::vector<FieldInList> between;
    bool in_line = true;
    for (size_t i = begin + 1; i < parts.size(); ++i) {
      FieldInList field = find_list(record, parts[i].field);
      const bool same = field.list == run.list;
      in_line = in_line && parts[i].before.find('\n') == std::string::npos;
      if (!in_line && !(same && between.empty())) break;
      between.push_back(std::move(field));
      if (!same) continue;
      run.fields.insert(run.fields.end(), between.begin(), between.end());
      between.clear();
      run.end = i + 1;
      in_line = true;
    }
    return run;
  }

  // Adds a run, a line for each element. When it has lines of the template for itself, the text beside its fields in
  // these is each element's. Returns how much of `after` is written.
  size_t fill_run(const Json& record, const Run& run, std::string_view before, std::string_view after,
                  const std::string& where) {
    const size_t line = before.rfind('\n') + 1;  // 0: there is none
    const size_t line_end = std::min(after.find('\n'), after.size());
    const bool begins_line = line > 0 || run.begin == 0;
    const bool ends_line = line_end < after.size() || run.end == template_.parts().size();
    const bool own_lines = begins_line && ends_line;
    document_ += before.substr(0, own_lines ? line : before.size());
    bool any = false;
    for (const Json& element : *run.list) {
      std::string text(own_lines ? before.substr(line) : "");
      bool has_text = false;
      for (size_t k = 0; k < run.fields.size(); ++k) {
        const RecordTemplate::Part& part = template_.parts()[run.begin + k];
        const bool is_inside = run.fields[k].list == run.list;
        const std::string value = is_inside ? text_at(element, run.fields[k].path, part.field, where)
                                            : text_at(record, part.field, part.field, where);
        has_text = has_text || (is_inside && !value.empty());
        text.append(k > 0 ? part.before : "").append(value);
      }
      if (!has_text) continue;
      if (own_lines) text += after.substr(0, line_end);
      document_.append(any ? "\n" : "").append(text);
      any = true;
    }
    return own_lines ? line_end : 0;
  }

  // Several values stand in a line each. DataError, which names `field`, when one is no text.
  std::string text_at(const Json& value, const std::string& path, const std::string& field, const std::string& where) {
    std::vector<const Json*> values;
    if (!find_values(value, path, values)) lacks_ = true;
    std::string text;
    for (const Json* const each : values) {
      const std::string part = text_of(*each, field, where);
      text += (text.empty() || part.empty() ? "" : "\n") + part;
    }
    some_text_ = some_text_ || !text.empty();
    return text;
  }

  static std::string text_of(const Json& value, const std::string& field, const std::string& where) {
    std::optional<std::string> text = as_text(value);
    if (!text) throw_no_text(where, field, value);
    return *std::move(text);
  }

  std::string without_lone_surrogates(std::string_view line, const std::string& where) {
    std::string mended;
    size_t begin = 0;
    for (size_t at = 0; (at = find_lone_surrogate(line, begin)) != std::string_view::npos; begin = at + kEscapeSize) {
      if (on_invalid_ == OnInvalid::kError)
        throw FormatError(where + ": not valid JSON at byte " + std::to_string(at + 1) + ": " +
                              std::string(line.substr(at, kEscapeSize)) + " is half of a character",
                          "the other half was cut off: go on with --invalid replace (or skip)");
      ++report_->lone_surrogates;
      mended += line.substr(begin, at - begin);
      if (on_invalid_ == OnInvalid::kReplace) mended += "\\ufffd";
    }
    return mended += line.substr(begin);
  }

  // A string, or an object of one field.
  static std::string only_value(const Json& record, const std::string& where) {
    if (record.is_string()) return record.get<std::string>();
    if (!record.is_object()) throw FormatError(where + ": expected a string or an object");
    if (record.size() != 1) throw_no_template(where, fields_of(record));
    return text_of(record.front(), record.begin().key(), where);
  }

  // The first record that lacks a field, and what it has.
  struct Lacking {
    std::string where;
    std::vector<std::string> fields;
  };

  RecordTemplate template_;
  std::vector<bool> found_;  // the template's fields, in some record
  std::vector<std::optional<Lacking>> lacking_;
  std::string file_name_;
  OnInvalid on_invalid_;
  FormatReport* report_;
  PieceWriter writer_;
  LineSplitter lines_;
  int64_t line_ = 0;
  std::string document_;    // that the record makes
  bool some_text_ = false;  // is in its fields
  bool lacks_ = false;      // it, or an object in its lists, lacks a field
};

}  // namespace

std::unique_ptr<FormatReader> make_jsonl_reader(const FormatOptions& options, const std::string& file_name,
                                                FormatReport& report, DocumentSink& sink, OnInvalid on_invalid) {
  return std::make_unique<JsonlReader>(options, file_name, report, sink, on_invalid);
}

}  // namespace fude
