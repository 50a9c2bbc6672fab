// The Unicode Character Database's own test files, from Debian's package unicode-data.
#pragma once

#include <cstdio>
#include <fstream>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "fude/text/unicode.h"

namespace fude {

// The lines of a file below /usr/share/unicode without comments; empty ones are left out. Unpacks *.bz2.
inline std::vector<std::string> unicode_data_lines(const std::string& name) {
  const std::string path = "/usr/share/unicode/" + name;
  if (!std::ifstream(path)) throw std::runtime_error(path + " is missing: install the package unicode-data");
  const std::string command = (path.ends_with(".bz2") ? "bzip2 -dc " : "cat ") + path;
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  if (pipe == nullptr) throw std::runtime_error("cannot run " + command);
  std::string text;
  char buffer[1 << 16];
  for (size_t size = 0; (size = fread(buffer, 1, sizeof buffer, pipe.get())) > 0;) text.append(buffer, size);
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    line.resize(std::min(line.size(), line.find('#')));
    if (line.find_first_not_of(" \t\r") != std::string::npos) lines.push_back(line);
  }
  if (lines.empty()) throw std::runtime_error(command + " gave nothing: install the packages unicode-data and bzip2");
  return lines;
}

// "0061 0308" → "ä" in two code points.
inline std::string from_code_points(std::string_view hexadecimal) {
  std::string text;
  std::istringstream in{std::string(hexadecimal)};
  for (std::string number; in >> number;) append_utf8(text, static_cast<char32_t>(std::stoul(number, nullptr, 16)));
  return text;
}

// The fields of a line, divided by semicolons.
inline std::vector<std::string> fields(const std::string& line) {
  std::vector<std::string> parts;
  std::istringstream in(line);
  for (std::string part; std::getline(in, part, ';');) parts.push_back(part);
  return parts;
}

// Every emoji of emoji-test.txt, most of them sequences.
inline std::vector<std::string> emoji_sequences() {
  std::vector<std::string> sequences;
  for (const std::string& line : unicode_data_lines("emoji/emoji-test.txt"))
    sequences.push_back(from_code_points(fields(line).at(0)));
  return sequences;
}

}  // namespace fude
