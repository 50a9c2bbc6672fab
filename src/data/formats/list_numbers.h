// The numbers of the items of lists, which parsers do not tell: Markdown's only that of the first item, HTML's none.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fude {

class ListNumbers {
 public:
  // A list begins whose items have `mark` behind their numbers, or, with '\0', no numbers.
  void begin_list(int64_t first, char mark);
  void end_list();
  // An item of the innermost list begins; `number` goes before the count. Outside of lists it is none.
  void begin_item(std::optional<int64_t> number = {});
  // It ends: without text it has no number, but counts.
  void end_item();
  // Whether an item began that has no text yet.
  bool are_wanted() const { return !fresh_.empty(); }
  // What is to be written before an item's text: "3. ", or "3. 1) " when the item begins with a list. `before` is what
  // the source has between the text before and that one. An item has the number that it has there ("1986." may be
  // followed by "1990."), but items that all have the same are counted.
  std::string take(std::string_view before);

 private:
  struct List {
    int64_t shown = 0;     // number of the last item
    int64_t written = -1;  // the same in the source; -1: it has none
    char mark = '\0';
  };

  std::vector<List> lists_;    // those that are open
  std::vector<size_t> fresh_;  // the lists, from the outer to the inner, whose item has no text yet
};

}  // namespace fude
