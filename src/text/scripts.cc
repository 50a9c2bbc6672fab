#include "text/scripts.h"

#include <unicode/uchar.h>
#include <unicode/uscript.h>

#include <algorithm>
#include <array>

#include "base/closest.h"
#include "fude/base/error.h"

namespace fude {
namespace {

std::vector<std::string> all_names() {
  std::vector<std::string> names;
  for (int script = 0; script <= u_getIntPropertyMaxValue(UCHAR_SCRIPT); ++script) {
    std::string name = script_name(script);
    for (char& c : name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    names.push_back(name);
  }
  return names;
}

void add_scripts(const std::string& name, std::vector<Script>& scripts) {
  std::array<UScriptCode, 16> found{};
  UErrorCode status = U_ZERO_ERROR;
  const int32_t count = uscript_getCode(name.c_str(), found.data(), static_cast<int32_t>(found.size()), &status);
  // ICU takes no name for the language of the machine.
  const bool known = !name.empty() && U_SUCCESS(status) && count > 0 &&
                     std::none_of(found.begin(), found.begin() + count, [](UScriptCode code) {
                       return code == USCRIPT_COMMON || code == USCRIPT_INHERITED || code == USCRIPT_UNKNOWN;
                     });
  if (!known) {
    const std::string near = closest(name, all_names());
    throw ConfigError(
        "unknown script \"" + name + "\"",
        near.empty() ? "name scripts such as latin,han, or a language such as ja" : "did you mean " + near + "?");
  }
  scripts.insert(scripts.end(), found.begin(), found.begin() + count);
}

}  // namespace

std::optional<Script> script_of(char32_t code_point) {
  const auto c = static_cast<UChar32>(code_point);
  if (u_hasBinaryProperty(c, UCHAR_ALPHABETIC) == 0) return std::nullopt;
  UErrorCode status = U_ZERO_ERROR;
  const UScriptCode script = uscript_getScript(c, &status);
  if (U_FAILURE(status) || script == USCRIPT_COMMON || script == USCRIPT_INHERITED || script == USCRIPT_UNKNOWN)
    return std::nullopt;
  return script;
}

std::string script_name(Script script) { return uscript_getName(static_cast<UScriptCode>(script)); }

std::vector<Script> parse_scripts(std::string_view list) {
  std::vector<Script> scripts;
  for (size_t begin = 0; begin < list.size();) {
    const size_t end = std::min(list.find(',', begin), list.size());
    std::string_view name = list.substr(begin, end - begin);
    while (name.starts_with(' ')) name.remove_prefix(1);
    while (name.ends_with(' ')) name.remove_suffix(1);
    add_scripts(std::string(name), scripts);
    begin = end + 1;
  }
  std::sort(scripts.begin(), scripts.end());
  scripts.erase(std::unique(scripts.begin(), scripts.end()), scripts.end());
  return scripts;
}

}  // namespace fude
