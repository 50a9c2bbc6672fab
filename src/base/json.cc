#include "base/json.h"

#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

#include "fude/base/error.h"

namespace fude {
namespace {

// Copying and writing a document recurse, so the depth of what is let in is bounded.
constexpr size_t kDeepest = 200;
// The keys of an object are searched one by one, so their number is bounded, too.
constexpr size_t kMostKeys = 4096;

// How many keys valid JSON has. FormatError where reading it would cost far more than its size.
size_t count_keys(std::string_view text, const std::string& where) {
  std::vector<size_t> keys = {0};  // of each open array or object
  size_t total = 0;
  bool in_string = false;
  for (size_t i = 0; i < text.size() && !keys.empty(); ++i) {
    const char c = text[i];
    if (c == '"') in_string = !in_string;
    if (c == '\\' && in_string) ++i;
    if (in_string) continue;
    if (c == '[' || c == '{') keys.push_back(0);
    if (keys.size() > kDeepest + 1)
      throw FormatError(where + ": JSON nested deeper than " + std::to_string(kDeepest) + " levels");
    if (c == ':') ++total;
    if (c == ':' && ++keys.back() > kMostKeys)
      throw FormatError(where + ": a JSON object of more than " + std::to_string(kMostKeys) + " keys");
    if (c == ']' || c == '}') keys.pop_back();
  }
  return total;
}

size_t count_members(const Json& json) {
  size_t count = json.is_object() ? json.size() : 0;
  if (json.is_structured())
    for (const Json& element : json) count += count_members(element);
  return count;
}

// The number that the parser's message names, in quotes at its end.
std::string number_in(std::string_view message) {
  constexpr size_t kLongest = 40;
  message.remove_suffix(1);
  const std::string_view number = message.substr(message.rfind('\'') + 1);
  return std::string(number.substr(0, kLongest)) + (number.size() > kLongest ? "..." : "");
}

// As Json::parse makes a document, but for numbers.
class NumbersAsWritten : public nlohmann::detail::json_sax_dom_parser<Json> {
 public:
  explicit NumbersAsWritten(Json& json) : json_sax_dom_parser(json) {}

  // Only "-0" is a zero among integers with a sign.
  bool number_integer(int64_t number) { return keep(number == 0 ? "-0" : std::to_string(number)); }
  bool number_unsigned(uint64_t number) { return keep(std::to_string(number)); }
  bool number_float(double, const std::string& written) { return keep(written); }

 private:
  bool keep(std::string written) { return string(written); }
};

}  // namespace

Json parse_json(std::string_view text, const std::string& where, JsonNumbers numbers) {
  const size_t keys = count_keys(text, where);
  Json json;
  try {
    if (numbers == JsonNumbers::kAsWritten) {
      NumbersAsWritten reader(json);
      Json::sax_parse(text, &reader);
    } else {
      json = Json::parse(text);
    }
  } catch (const Json::parse_error& error) {
    throw FormatError(where + ": not valid JSON at byte " + std::to_string(error.byte));
  } catch (const Json::out_of_range& error) {
    throw FormatError(where + ": JSON with a number that is out of range: " + number_in(error.what()),
                      "in quotes it is text");
  }
  if (count_members(json) != keys)
    throw FormatError(where + ": JSON with the same key twice in an object",
                      "programs differ in which of the two they take: leave one of them");
  return json;
}

std::string to_text(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

std::string to_pretty_text(const Json& json) { return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n"; }

namespace {

template <class T>
struct IsVector : std::false_type {};
template <class T>
struct IsVector<std::vector<T>> : std::true_type {};

// The value as a T if it is one: no truncation, no rounding of a fraction, no out-of-range number.
template <class T>
std::optional<T> convert(const Json& value) {
  if constexpr (std::is_same_v<T, Json>) {
    return value;
  } else if constexpr (std::is_same_v<T, bool>) {
    if (value.is_boolean()) return value.get<bool>();
  } else if constexpr (std::is_same_v<T, std::string>) {
    if (value.is_string()) return value.get<std::string>();
  } else if constexpr (std::is_integral_v<T>) {
    if (value.is_number_unsigned()) {
      if (const auto number = value.get<uint64_t>(); std::in_range<T>(number)) return static_cast<T>(number);
    } else if (value.is_number_integer()) {
      if (const auto number = value.get<int64_t>(); std::in_range<T>(number)) return static_cast<T>(number);
    }
  } else if constexpr (std::is_floating_point_v<T>) {
    if (!value.is_number()) return std::nullopt;
    if (const auto number = value.get<double>(); std::abs(number) <= std::numeric_limits<T>::max())
      return static_cast<T>(number);
  } else {
    static_assert(IsVector<T>::value);
    if (!value.is_array()) return std::nullopt;
    T items;
    for (const Json& element : value) {
      auto item = convert<typename T::value_type>(element);
      if (!item) return std::nullopt;
      items.push_back(std::move(*item));
    }
    return items;
  }
  return std::nullopt;
}

}  // namespace

template <class T>
T require(const Json& object, const char* key, const std::string& where) {
  if (!object.is_object() || !object.contains(key)) throw FormatError(where + ": \"" + key + "\" is missing");
  const Json& value = object[key];
  if (auto converted = convert<T>(value)) return std::move(*converted);
  const std::string shown = value.dump(-1, ' ', /*ensure_ascii=*/true, Json::error_handler_t::replace);
  throw FormatError(where + ": \"" + key + "\" has the wrong type or is out of range: " + shown.substr(0, 60));
}

template <class T>
T get_or(const Json& object, const char* key, T fallback, const std::string& where) {
  if (!object.is_object() || !object.contains(key)) return fallback;
  return require<T>(object, key, where);
}

#define FUDE_INSTANTIATE(T)                                            \
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
