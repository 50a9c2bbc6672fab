// JSON as the project uses it: the one room that knows nlohmann-json. Objects keep the order in which keys were set.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace fude {

using Json = nlohmann::ordered_json;

// How numbers come: as numbers, or as strings of what is written (1.10, 1e3, an integer of any length).
enum class JsonNumbers { kValues, kAsWritten };

// Parses `text`; `where` names the source in the FormatError that bad JSON gives (with its byte offset), a key that is
// twice in an object, nesting beyond 200 levels, and an object of more than 4,096 keys, which costs too much.
Json parse_json(std::string_view text, const std::string& where, JsonNumbers numbers = JsonNumbers::kValues);

// One line. Invalid UTF-8 inside strings becomes U+FFFD instead of an exception.
std::string to_text(const Json& json);
// Indented by two spaces, with a newline at the end: for files that people read.
std::string to_pretty_text(const Json& json);

// object[key] as T. A missing key, another type or a number that T cannot hold is a FormatError that names key and
// source.
template <class T>
T require(const Json& object, const char* key, const std::string& where);
// The same, but a missing key gives `fallback`.
template <class T>
T get_or(const Json& object, const char* key, T fallback, const std::string& where);

}  // namespace fude
