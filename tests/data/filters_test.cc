#include "data/filters.h"

#include <gtest/gtest.h>

#include "data/documents.h"
#include "fude/base/error.h"

namespace fude {
namespace {

using Texts = std::vector<std::string>;

Texts filtered_lines(const FilterOptions& options, const Texts& documents, FilterReport& report,
                     size_t characters = 0) {
  Documents left;
  LineFilter filter(options, report, left);
  feed(filter, documents, characters);
  return left.all;
}

Texts filtered_documents(const FilterOptions& options, const Texts& documents, FilterReport& report,
                         size_t characters = 0) {
  DocumentStore store({});
  DocumentFilter filter(options, report, store);
  feed(filter, documents, characters);
  Documents left;
  store.replay(left);
  return left.all;
}

TEST(LineFilter, LinesOfOtherLengths_AreDroppedHoweverTheyAreCut) {
  for (const size_t characters : {0, 1, 2}) {
    FilterReport report;
    const FilterOptions options{.min_line = 3, .max_line = 5};
    EXPECT_EQ(filtered_lines(options, {"ab\nabc\n\n\u00E9\u00E9\u00E9\u00E9\u00E9\nabcdef\nabcd"}, report, characters),
              Texts{"abc\n\n\u00E9\u00E9\u00E9\u00E9\u00E9\nabcd"});
    EXPECT_EQ(report.short_lines, 1);
    EXPECT_EQ(report.long_lines, 1);
  }
}

TEST(LineFilter, DocumentWithoutLines_IsDropped) {
  FilterReport report;
  EXPECT_EQ(filtered_lines({.min_line = 3}, {"a\n\nb\n", "abc"}, report), Texts{"abc"});
  EXPECT_EQ(report.emptied_documents, 1);
}

TEST(DocumentFilter, DocumentsOfOtherLengths_AreDropped) {
  for (const size_t characters : {0, 1, 2}) {
    FilterReport report;
    const FilterOptions options{.min_document = 3, .max_document = 5};
    EXPECT_EQ(
        filtered_documents(options, {"ab", "abc", "abcdefgh", "\u732B\u732B\u732B\u732B\u732B"}, report, characters),
        (Texts{"abc", "\u732B\u732B\u732B\u732B\u732B"}));
    EXPECT_EQ(report.short_documents, 1);
    EXPECT_EQ(report.long_documents, 1);
  }
}

TEST(DocumentFilter, OtherScripts_AreDropped) {
  const Texts documents = {"the cat", "\u732B\u304C\u7720\u308B", "\u043A\u043E\u0442", "123 !", "cat \u732B\u732B"};
  FilterReport report;
  EXPECT_EQ(filtered_documents({.scripts = "latin"}, documents, report),
            (Texts{"the cat", "123 !", "cat \u732B\u732B"}));
  EXPECT_EQ(report.foreign_documents, 2);
  EXPECT_EQ(filtered_documents({.scripts = "ja", .script_share = 0.4}, documents, report),
            (Texts{"\u732B\u304C\u7720\u308B", "123 !", "cat \u732B\u732B"}));
  EXPECT_EQ(filtered_documents({.scripts = "Cyrl,Hira,Hani"}, documents, report),
            (Texts{"\u732B\u304C\u7720\u308B", "\u043A\u043E\u0442", "123 !"}));
}

TEST(FilterOptions, Impossible_IsConfigErrorThatNamesAll) {
  const FilterOptions options{.min_line = 5, .max_line = 4, .min_document = -1, .scripts = "lattin", .script_share = 0};
  try {
    options.validate();
    FAIL();
  } catch (const ConfigError& error) {
    for (const std::string word : {"min_line", "documents", "script_share", "lattin"})
      EXPECT_NE(std::string(error.what()).find(word), std::string::npos) << word;
    EXPECT_EQ(error.hint(), "did you mean latin?");
  }
}

}  // namespace
}  // namespace fude
