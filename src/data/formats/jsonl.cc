// JSON Lines: a record a line.
#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "base/json.h"
#include "data/formats/readers.h"
#include "data/formats/record_template.h"
#include "data/line_splitter.h"
#include "data/piece_writer.h"
#include "fude/base/error.h"

namespace fude {
namespace {

// A string, number (which comes as a string) or truth as text, null as nothing, a list of these joined by ", "; nullopt
// for anything else.
std::optional<std::string> as_text(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_null()) return std::string();
  if (value.is_object()) return std::nullopt;
  if (!value.is_array()) return to_text(value);
  std::string joined;
  for (const Json& element : value) {
    if (element.is_structured()) return std::nullopt;
    joined += (&element == &value.front() ? "" : ", ") + *as_text(element);
  }
  return joined;
}

// The first object in a list of them, or in lists of lists.
const Json* first_object(const Json& value) {
  if (value.is_object()) return &value;
  if (!value.is_array()) return nullptr;
  for (const Json& element : value)
    if (const Json* const object = first_object(element)) return object;
  return nullptr;
}

std::vector<std::string> fields_of(const Json& record, const std::string& prefix = {}) {
  std::vector<std::string> fields;
  for (const auto& [name, value] : record.items()) {
    const std::string path = prefix + name;
    const Json* const object = first_object(value);
    if (object == nullptr)
      fields.push_back(path);
    else if (prefix.empty())
      for (std::string& inner : fields_of(*object, path + ".")) fields.push_back(std::move(inner));
    else
      fields.push_back(path + ".*");
  }
  return fields;
}

// Adds the value at "a.b" to `found`; where a list of objects is on the way, that of each which has it. A field whose
// very name is "a.b" comes first.
bool find_values(const Json& value, const std::string& path, std::vector<const Json*>& found) {
  bool any = false;
  if (value.is_array())
    for (const Json& element : value) any = find_values(element, path, found) || any;
  if (!value.is_object()) return any;
  if (const auto whole = value.find(path); whole != value.end()) {
    found.push_back(&*whole);
    return true;
  }
  for (size_t dot = path.find('.'); dot != std::string::npos; dot = path.find('.', dot + 1)) {
    const auto outer = value.find(path.substr(0, dot));
    if (outer != value.end() && find_values(*outer, path.substr(dot + 1), found)) return true;
  }
  return false;
}

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

// With a hint, and in words of this project only.
Json parse_line(std::string_view line, const std::string& where) {
  try {
    return parse_json(line, where, JsonNumbers::kAsWritten);
  } catch (const FormatError& error) {
    const std::string what = error.what();
    const bool foreign = what.find("[json.exception") != std::string::npos;
    throw FormatError(foreign ? where + ": JSON with a value that cannot be read" : what,
                      error.hint().empty() ? hint_for(line) : error.hint());
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
    bool some_text = false;
    std::string document;
    const auto add = [&](const std::string& field, const std::vector<const Json*>& values) {
      std::string text;
      for (const Json* const value : values) {
        const std::optional<std::string> each = as_text(*value);
        if (!each) throw_no_text(where, field, *value);
        text += (text.empty() || each->empty() ? "" : "\n") + *each;
      }
      some_text = some_text || !text.empty();
      document += text;
    };
    if (template_.empty()) {
      add_only_value(record, where, add);
    } else if (!record.is_object()) {
      throw FormatError(where + ": expected an object with fields for the template");
    }
    bool lacks = false;
    for (size_t i = 0; i < template_.parts().size(); ++i) {
      const RecordTemplate::Part& part = template_.parts()[i];
      document += part.before;
      std::vector<const Json*> values;
      if (find_values(record, part.field, values)) {
        found_[i] = true;
        add(part.field, values);
      } else {
        lacks = true;
        if (!found_[i] && !lacking_[i]) lacking_[i] = Lacking{where, fields_of(record)};
      }
    }
    report_->lacking_records += lacks ? 1 : 0;
    ++(some_text ? report_->records : report_->empty_records);
    if (!some_text) return;
    writer_.append(document);
    writer_.append(template_.after());
    writer_.end_document();
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

  // A string or number, or an object of one field.
  template <class Add>
  static void add_only_value(const Json& record, const std::string& where, const Add& add) {
    if (record.is_string()) {
      add("", {&record});
    } else if (record.is_object() && record.size() == 1) {
      add(record.begin().key(), {&record.front()});
    } else if (record.is_object()) {
      throw_no_template(where, fields_of(record));
    } else {
      throw FormatError(where + ": expected a string or an object");
    }
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
};

}  // namespace

std::unique_ptr<FormatReader> make_jsonl_reader(const FormatOptions& options, const std::string& file_name,
                                                FormatReport& report, DocumentSink& sink, OnInvalid on_invalid) {
  return std::make_unique<JsonlReader>(options, file_name, report, sink, on_invalid);
}

}  // namespace fude
