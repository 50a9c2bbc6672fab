#include "base/json.h"

#include <cstdint>
#include <vector>

#include "fude/base/error.h"

namespace fude {

Json parse_json(std::string_view text, const std::string& where) {
  try {
    return Json::parse(text);
  } catch (const Json::parse_error& error) {
    throw FormatError(where + ": not valid JSON at byte " + std::to_string(error.byte));
  } catch (const Json::exception& error) {
    throw FormatError(where + ": JSON cannot be read: " + error.what());
  }
}

std::string to_text(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

std::string to_pretty_text(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

namespace {

template <class T>
bool holds(const Json& value) {
  if constexpr (std::is_same_v<T, bool>) return value.is_boolean();
  if constexpr (std::is_same_v<T, std::string>) return value.is_string();
  if constexpr (std::is_integral_v<T>) return value.is_number_integer();
  if constexpr (std::is_floating_point_v<T>) return value.is_number();
  if constexpr (std::is_same_v<T, Json>) return true;
  return value.is_array();
}

}  // namespace

template <class T>
T require(const Json& object, const char* key, const std::string& where) {
  if (!object.is_object() || !object.contains(key)) throw FormatError(where + ": \"" + key + "\" is missing");
  const Json& value = object[key];
  try {
    if (holds<T>(value)) return value.get<T>();
  } catch (const Json::exception&) {
    // An array with an element of another type: reported below like every other mismatch.
  }
  throw FormatError(where + ": \"" + key + "\" has the wrong type: " + to_text(value).substr(0, 60));
}

template <class T>
T get_or(const Json& object, const char* key, T fallback, const std::string& where) {
  if (!object.is_object() || !object.contains(key)) return fallback;
  return require<T>(object, key, where);
}

#define FUDE_INSTANTIATE(T)                                              \
  template T require<T>(const Json&, const char*, const std::string&); \
  template T get_or<T>(const Json&, const char*, T, const std::string&)
FUDE_INSTANTIATE(bool);
FUDE_INSTANTIATE(int);
FUDE_INSTANTIATE(int64_t);
FUDE_INSTANTIATE(uint64_t);
FUDE_INSTANTIATE(float);
FUDE_INSTANTIATE(double);
FUDE_INSTANTIATE(std::string);
FUDE_INSTANTIATE(std::vector<std::string>);
FUDE_INSTANTIATE(std::vector<int>);
FUDE_INSTANTIATE(std::vector<int64_t>);
FUDE_INSTANTIATE(std::vector<double>);
FUDE_INSTANTIATE(Json);
#undef FUDE_INSTANTIATE

}  // namespace fude
