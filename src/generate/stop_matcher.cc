#include "generate/stop_matcher.h"

#include <algorithm>
#include <utility>

namespace fude {

StopMatcher::StopMatcher(std::vector<std::string> stops) : stops_(std::move(stops)) {
  std::sort(stops_.begin(), stops_.end(), [](const auto& a, const auto& b) { return a.size() > b.size(); });
}

std::string StopMatcher::push(std::string_view piece) {
  if (matched_) return {};
  const size_t known = held_.size();
  held_ += piece;
  const std::string_view text = held_;
  for (size_t end = known + 1; end <= text.size(); ++end) {
    for (const std::string& stop : stops_) {
      if (!text.substr(0, end).ends_with(stop)) continue;
      matched_ = true;
      std::string certain(text.substr(0, end - stop.size()));
      held_.clear();
      return certain;
    }
  }
  // The longest end of the text that begins a stop text is the earliest place where one may still come to be.
  const size_t longest = stops_.empty() ? 0 : stops_.front().size();
  size_t certain_size = text.size() - std::min(text.size(), longest);
  const auto may_begin = [&](const std::string& stop) { return stop.starts_with(text.substr(certain_size)); };
  while (std::none_of(stops_.begin(), stops_.end(), may_begin) && certain_size < text.size()) ++certain_size;
  std::string certain(text.substr(0, certain_size));
  held_.erase(0, certain_size);
  return certain;
}

std::string StopMatcher::finish() { return std::exchange(held_, {}); }

}  // namespace fude
