#include "data/formats/record_template.h"

#include <algorithm>
#include <utility>

#include "base/closest.h"
#include "fude/base/error.h"

namespace fude {
namespace {

constexpr size_t kMostShown = 20;

std::string listed(const std::vector<std::string>& fields) {
  if (fields.empty()) return "it has no fields";
  std::string list = "its fields: ";
  for (size_t i = 0; i < std::min(fields.size(), kMostShown); ++i) list += (i == 0 ? "" : ", ") + fields[i];
  if (fields.size() > kMostShown) list += ", and " + std::to_string(fields.size() - kMostShown) + " more";
  return list;
}

[[noreturn]] void throw_bad_template(std::string_view text, const std::string& problem) {
  throw ConfigError("template \"" + std::string(text) + "\": " + problem,
                    "write {name} for a field, {{ and }} for braces: --template \"{title}\\n\\n{body}\"");
}

}  // namespace

RecordTemplate::RecordTemplate(std::string_view text) {
  for (size_t at = 0; at < text.size();) {
    const char c = text[at];
    const bool brace = c == '{' || c == '}';
    if (!brace || text.substr(at + 1, 1) == text.substr(at, 1)) {
      after_ += c;
      at += brace ? 2 : 1;
      continue;
    }
    if (c == '}') throw_bad_template(text, "a } without its { at byte " + std::to_string(at));
    const size_t end = text.find_first_of("{}", at + 1);
    if (end == std::string_view::npos || text[end] == '{')
      throw_bad_template(text, "a { without its } at byte " + std::to_string(at));
    const std::string_view field = text.substr(at + 1, end - at - 1);
    if (field.empty()) throw_bad_template(text, "a field without a name at byte " + std::to_string(at));
    parts_.push_back({std::exchange(after_, {}), std::string(field)});
    at = end + 1;
  }
  if (parts_.empty() && !text.empty()) throw_bad_template(text, "no field in it");
}

void throw_missing_field(const std::string& where, const std::string& field, const std::vector<std::string>& fields) {
  const std::string near = closest(field, fields);
  throw DataError(where + ": no field \"" + field + "\", which the template asks for; " + listed(fields),
                  near.empty() ? "name one of these fields in --template" : "did you mean {" + near + "}?");
}

std::string likely_field(const std::vector<std::string>& fields) {
  std::string likely = "body";
  for (const std::string& field : fields)
    if (!field.empty() && !field.ends_with(".*")) likely = field;
  for (const std::string usual : {"content", "body", "text"})
    for (const std::string& field : fields)
      if (field == usual || field.ends_with("." + usual)) likely = field;
  return likely;
}

void throw_no_template(const std::string& where, const std::vector<std::string>& fields) {
  throw DataError(where + ": nothing says which field of a record is its text; " + listed(fields),
                  "say it, with a template of one or more fields: --template \"{" + likely_field(fields) + "}\"");
}

}  // namespace fude
