#include "text/ascii_words.h"

#include <array>
#include <cstdint>

#include "text/utf8.h"

namespace fude {
namespace {

// To set up ICU takes as long as it takes to divide some words.
constexpr size_t kWorthAChange = 64;

// Values of Word_Break that ASCII has, as far as a rule tells them from others.
enum Class : uint8_t { kOther, kSpace, kCarriageReturn, kLetter, kDigit, kConnector, kInWord, kInNumber, kInBoth };

constexpr std::array<Class, 128> make_classes() {
  std::array<Class, 128> classes{};
  for (char c = 'a'; c <= 'z'; ++c) classes[static_cast<size_t>(c)] = kLetter;
  for (char c = 'A'; c <= 'Z'; ++c) classes[static_cast<size_t>(c)] = kLetter;
  for (char c = '0'; c <= '9'; ++c) classes[static_cast<size_t>(c)] = kDigit;
  classes[' '] = kSpace;
  classes['\r'] = kCarriageReturn;
  classes['_'] = kConnector;
  classes[':'] = kInWord;
  classes[','] = kInNumber;
  classes[';'] = kInNumber;
  classes['.'] = kInBoth;
  classes['\''] = kInBoth;
  return classes;
}
constexpr std::array<Class, 128> kClasses = make_classes();

Class class_of(char c) { return kClasses[static_cast<unsigned char>(c)]; }
bool is_word_class(Class c) { return c >= kLetter && c <= kConnector; }

// Whether punctuation of class `between` keeps the two around it together.
bool joins(Class before, Class between, Class after) {
  if (before != after) return false;
  if (before == kLetter) return between == kInWord || between == kInBoth;
  return before == kDigit && (between == kInNumber || between == kInBoth);
}

size_t word_end(std::string_view text, size_t at) {
  while (true) {
    while (at < text.size() && is_word_class(class_of(text[at]))) ++at;
    if (at + 1 >= text.size() || !joins(class_of(text[at - 1]), class_of(text[at]), class_of(text[at + 1]))) return at;
    ++at;
  }
}

// Whether no rule reaches across `at`: 0 < at < text.size(), and the bytes around it are ASCII.
bool is_settled(std::string_view text, size_t at) {
  return text[at - 1] == '\n' || (text[at] == ' ' && text[at - 1] != ' ');
}

}  // namespace

size_t settled_ascii(std::string_view text, bool whole) {
  size_t end = ascii_prefix(text);
  if (end == text.size() && (whole || text.ends_with('\n'))) return end;
  // The last byte of the stretch may be joined to what follows it.
  while (end > 1 && !is_settled(text, end - 1)) --end;
  return end <= 1 ? 0 : end - 1;
}

size_t up_to_ascii(std::string_view text) {
  for (size_t at = 0; at < text.size();) {
    const size_t ascii = ascii_prefix(text.substr(at));
    if (ascii > kWorthAChange) {
      for (size_t place = at + 1; place + kWorthAChange <= at + ascii; ++place) {
        if (is_settled(text, place)) return place;
      }
    }
    at += ascii;
    while (at < text.size() && static_cast<unsigned char>(text[at]) >= 0x80) ++at;
  }
  return text.size();
}

void append_ascii_word_ends(std::string_view ascii, std::vector<size_t>& ends) {
  for (size_t at = 0; at < ascii.size();) {
    const Class first = class_of(ascii[at]);
    ++at;
    if (is_word_class(first)) {
      at = word_end(ascii, at);
    } else if (first == kSpace) {
      while (at < ascii.size() && ascii[at] == ' ') ++at;
    } else if (first == kCarriageReturn && at < ascii.size() && ascii[at] == '\n') {
      ++at;
    }
    ends.push_back(at);
  }
}

}  // namespace fude
