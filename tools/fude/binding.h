// How the text of a flag becomes a value and back.
//
//   double rate = 0.002;
//   Binding binding = bind(rate);
//   binding.set("1e-3");                    // rate is 0.001
//   std::string text = binding.get();       // "0.001"
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fude {

struct Binding {
  // Throws a UsageError that says what was expected.
  std::function<void(const std::string&)> set = {};
  // The value now, as set() takes it; empty: none.
  std::function<std::string()> get = {};
  bool is_switch = false;  // --x and --no-x, without a value
};

// `field` must outlive the binding.
Binding bind(bool& field);
Binding bind(int& field);
Binding bind(int64_t& field);
Binding bind(uint64_t& field);
Binding bind(double& field);
Binding bind(std::string& field);
Binding bind(std::optional<uint64_t>& field);
// Each set() adds a text to the list; an empty text empties it.
Binding bind(std::vector<std::string>& field);
// One of `words`.
Binding bind_choice(std::string& field, std::vector<std::string> words);
// Texts in which \n \t \r \\ and \xNN stand for newline, tab, carriage return, backslash and any byte.
Binding bind_escaped(std::string& field);
Binding bind_escaped(std::vector<std::string>& field);
// "90", "90s", "5m" and "1h30m" as seconds.
Binding bind_duration(double& seconds);

// UsageError for another escape than those.
std::string unescape(std::string_view text);
// Also keeps control characters from the terminal.
std::string escape(std::string_view text);

}  // namespace fude
