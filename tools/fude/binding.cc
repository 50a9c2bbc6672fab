#include "binding.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <utility>

#include "terminal.h"
#include "usage_error.h"

namespace fude {
namespace {

[[noreturn]] void throw_expected(const std::string& what, std::string_view got) {
  throw UsageError("expected " + what + ", got " + (got.empty() ? "nothing" : escape(got)));
}

// The whole text as a number, or nothing.
template <class T>
std::optional<T> parse(std::string_view text) {
  T value{};
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stopped != end || text.empty()) return std::nullopt;
  return value;
}

template <class T>
T parse_integer(const std::string& text) {
  T value{};
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, value);
  if (error == std::errc{} && stopped == end) return value;
  std::string what = "a whole number";
  if (std::is_unsigned_v<T> || error == std::errc::result_out_of_range)
    what += " from " + std::to_string(std::numeric_limits<T>::min()) + " to " +
            std::to_string(std::numeric_limits<T>::max());
  throw_expected(what, text);
}

double parse_real(const std::string& text) {
  const auto value = parse<double>(text);
  if (!value || !std::isfinite(*value)) throw_expected("a number", text);
  return *value;
}

std::string to_text(double value) {
  char buffer[32];
  const auto [end, error] = std::to_chars(std::begin(buffer), std::end(buffer), value);
  return std::string(std::begin(buffer), end);
}

bool parse_switch(const std::string& text) {
  for (const char* const word : {"true", "1", "yes", "on"}) {
    if (text == word) return true;
  }
  for (const char* const word : {"false", "0", "no", "off"}) {
    if (text == word) return false;
  }
  throw_expected("true or false", text);
}

double seconds_of(char unit) {
  switch (unit) {
    case 's':
      return 1;
    case 'm':
      return 60;
    case 'h':
      return 3600;
    case 'd':
      return 86400;
    default:
      return 0;
  }
}

double parse_duration(const std::string& text) {
  if (const auto plain = parse<double>(text); plain && std::isfinite(*plain) && *plain >= 0) return *plain;
  double seconds = 0;
  double previous_unit = std::numeric_limits<double>::infinity();
  for (std::string_view rest = text; !rest.empty();) {
    const size_t digits = std::min(rest.find_first_not_of("0123456789."), rest.size());
    const auto amount = parse<double>(rest.substr(0, digits));
    const double unit = digits < rest.size() ? seconds_of(rest[digits]) : 0;
    if (!amount || unit == 0 || unit >= previous_unit) throw_expected("a duration such as 90s, 5m or 1h30m", text);
    seconds += *amount * unit;
    previous_unit = unit;
    rest.remove_prefix(digits + 1);
  }
  if (text.empty()) throw_expected("a duration such as 90s, 5m or 1h30m", text);
  return seconds;
}

std::string to_duration_text(double seconds) { return to_text(seconds) + (seconds > 0 ? "s" : ""); }

constexpr std::pair<char, char> kEscapes[] = {{'n', '\n'}, {'t', '\t'}, {'r', '\r'}, {'\\', '\\'}};

std::string join_escaped(const std::vector<std::string>& texts) {
  std::string joined;
  for (const std::string& text : texts) joined += (joined.empty() ? "" : " ") + escape(text);
  return joined;
}

void append(std::vector<std::string>& field, const std::string& text) {
  if (text.empty()) {
    field.clear();
  } else {
    field.push_back(text);
  }
}

}  // namespace

std::string unescape(std::string_view text) {
  std::string plain;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      plain += text[i];
      continue;
    }
    const char letter = ++i < text.size() ? text[i] : '\0';
    if (letter == 'x' && i + 2 < text.size()) {
      unsigned char byte = 0;
      const char* const end = text.data() + i + 3;
      const auto [stopped, error] = std::from_chars(text.data() + i + 1, end, byte, 16);
      if (error == std::errc{} && stopped == end) {
        plain += static_cast<char>(byte);
        i += 2;
        continue;
      }
    }
    const auto* const known =
        std::find_if(std::begin(kEscapes), std::end(kEscapes), [&](const auto& pair) { return pair.first == letter; });
    if (known == std::end(kEscapes))
      throw UsageError("expected \\n, \\t, \\r, \\xNN or \\\\ after a backslash, got " + std::string(text));
    plain += known->second;
  }
  return plain;
}

std::string escape(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    const auto* const special =
        std::find_if(std::begin(kEscapes), std::end(kEscapes), [&](const auto& pair) { return pair.second == c; });
    if (special != std::end(kEscapes)) {
      escaped += {'\\', special->first};
    } else {
      escaped += c;
    }
  }
  return without_controls(escaped);
}

Binding bind(bool& field) {
  return {.set = [&field](const std::string& text) { field = parse_switch(text); },
          .get = [&field] { return std::string(field ? "true" : "false"); },
          .is_switch = true};
}

Binding bind(int& field) {
  return {.set = [&field](const std::string& text) { field = parse_integer<int>(text); },
          .get = [&field] { return std::to_string(field); }};
}

Binding bind(int64_t& field) {
  return {.set = [&field](const std::string& text) { field = parse_integer<int64_t>(text); },
          .get = [&field] { return std::to_string(field); }};
}

Binding bind(uint64_t& field) {
  return {.set = [&field](const std::string& text) { field = parse_integer<uint64_t>(text); },
          .get = [&field] { return std::to_string(field); }};
}

Binding bind(double& field) {
  return {.set = [&field](const std::string& text) { field = parse_real(text); },
          .get = [&field] { return to_text(field); }};
}

Binding bind(std::string& field) {
  return {.set = [&field](const std::string& text) { field = text; }, .get = [&field] { return field; }};
}

Binding bind(std::optional<uint64_t>& field) {
  return {.set = [&field](const std::string& text) { field = parse_integer<uint64_t>(text); },
          .get = [&field] { return field ? std::to_string(*field) : std::string(); }};
}

Binding bind(std::vector<std::string>& field) {
  return {.set = [&field](const std::string& text) { append(field, text); },
          .get = [&field] { return join_escaped(field); }};
}

Binding bind_choice(std::string& field, std::vector<std::string> words) {
  const auto set = [&field, words = std::move(words)](const std::string& text) {
    if (std::find(words.begin(), words.end(), text) == words.end()) {
      std::string list;
      for (const std::string& word : words) list += (list.empty() ? "" : "|") + word;
      throw_expected(list, text);
    }
    field = text;
  };
  return {.set = set, .get = [&field] { return field; }};
}

Binding bind_escaped(std::string& field) {
  return {.set = [&field](const std::string& text) { field = unescape(text); },
          .get = [&field] { return escape(field); }};
}

Binding bind_escaped(std::vector<std::string>& field) {
  return {.set = [&field](const std::string& text) { append(field, unescape(text)); },
          .get = [&field] { return join_escaped(field); }};
}

Binding bind_duration(double& seconds) {
  return {.set = [&seconds](const std::string& text) { seconds = parse_duration(text); },
          .get = [&seconds] { return to_duration_text(seconds); }};
}

}  // namespace fude
