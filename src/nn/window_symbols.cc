#include "nn/window_symbols.h"

namespace fude {

void WindowSymbols::find(std::span<const int32_t> ids, int vocab_size) {
  const size_t room = ids.size() + kBlock;
  ids_.reserve(room);
  ends_.reserve(room);
  ids_.clear();
  ends_.clear();
  of_symbol_.assign(static_cast<size_t>(vocab_size), 0);
  for (const int32_t id : ids) ++of_symbol_[static_cast<size_t>(id)];
  int32_t before = 0;
  for (int32_t id = 0; id < vocab_size; ++id) {
    int32_t& entry = of_symbol_[static_cast<size_t>(id)];
    if (entry == 0) continue;
    ends_.push_back(before);
    before += entry;
    entry = count();
    ids_.push_back(id);
  }
  index_.resize(ids.size());
  places_.resize(ids.size());
  for (size_t place = 0; place < ids.size(); ++place) {
    index_[place] = of_symbol_[static_cast<size_t>(ids[place])];
    int32_t& end = ends_[static_cast<size_t>(index_[place])];
    places_[static_cast<size_t>(end++)] = static_cast<int32_t>(place);
  }
  ends_.resize(static_cast<size_t>(rows()), before);
}

}  // namespace fude
