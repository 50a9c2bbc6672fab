#include "data/formats/list_numbers.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace fude {
namespace {

constexpr std::string_view kAround = " \t\r\n>";

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The last number in `before` with `mark` behind it, which is cut off with what follows; -1 when there is none.
int64_t take_last_number(std::string_view& before, char mark) {
  for (size_t end = before.rfind(mark); end != std::string_view::npos && end > 0; end = before.rfind(mark, end - 1)) {
    size_t begin = end;
    while (begin > 0 && is_digit(before[begin - 1])) --begin;
    int64_t number = -1;
    const auto [last, error] = std::from_chars(before.data() + begin, before.data() + end, number);
    const bool apart = (begin == 0 || kAround.find(before[begin - 1]) != std::string_view::npos) &&
                       (end + 1 == before.size() || kAround.find(before[end + 1]) != std::string_view::npos);
    if (!apart || error != std::errc() || last != before.data() + end) continue;
    before = before.substr(0, begin);
    return number;
  }
  return -1;
}

}  // namespace

void ListNumbers::begin_list(int64_t first, char mark) { lists_.push_back({first - 1, -1, mark}); }

void ListNumbers::end_list() {
  if (!lists_.empty()) lists_.pop_back();
  std::erase(fresh_, lists_.size());
}

void ListNumbers::begin_item(std::optional<int64_t> number) {
  if (lists_.empty() || lists_.back().mark == '\0') return;
  if (number) lists_.back().shown = *number - 1;
  fresh_.push_back(lists_.size() - 1);
}

void ListNumbers::end_item() {
  if (fresh_.empty() || fresh_.back() + 1 != lists_.size()) return;
  ++lists_.back().shown;
  fresh_.pop_back();
}

std::string ListNumbers::take(std::string_view before) {
  std::vector<std::string> numbers;
  while (!fresh_.empty()) {
    List& list = lists_[fresh_.back()];
    fresh_.pop_back();
    const int64_t written = take_last_number(before, list.mark);
    list.shown = written < 0 || written == list.written ? list.shown + 1 : written;
    list.written = written;
    numbers.push_back(std::to_string(list.shown) + list.mark + ' ');
  }
  std::string text;
  for (auto number = numbers.rbegin(); number != numbers.rend(); ++number) text += *number;
  return text;
}

}  // namespace fude
