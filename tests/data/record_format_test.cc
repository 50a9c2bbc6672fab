// CSV, TSV and JSON Lines: a record is a document.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "data/read_documents.h"
#include "fude/base/error.h"

namespace fude {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::string error_of(const std::string& format, std::string_view text, const std::string& record_template = "{body}") {
  try {
    read_documents(format, text, {.record_template = record_template});
    return "";
  } catch (const Error& error) {
    return std::string(error.what()) + " | " + error.hint();
  }
}

TEST(RecordTemplate, FieldsAndBraces_AreFilled) {
  const std::string csv = "title,body\nSoup,Boil it.\n";
  EXPECT_THAT(read_documents("csv", csv, {.record_template = "# {title}\n\n{body} {{{title}}}!"}),
              ElementsAre("# Soup\n\nBoil it. {Soup}!"));
}

TEST(RecordTemplate, Mistakes_AreNamed) {
  EXPECT_THAT(error_of("csv", "a\n", "{a"), HasSubstr("a { without its } at byte 0"));
  EXPECT_THAT(error_of("csv", "a\n", "x{a{b}"), HasSubstr("a { without its } at byte 1"));
  EXPECT_THAT(error_of("csv", "a\n", "{a} }"), HasSubstr("a } without its { at byte 4"));
  EXPECT_THAT(error_of("csv", "a\n", "{}"), HasSubstr("a field without a name at byte 0"));
  EXPECT_THAT(error_of("csv", "a\n", "{{a}}"), HasSubstr("no field in it"));
}

TEST(CsvFormat, QuotedFields_KeepSeparatorsLineEndsAndQuotes) {
  const std::string csv = "n,body\r\n1,\"one, \"\"two\"\"\r\nthree\"\r\n2,plain 5\" nail\r\n\r\n3,\"\u732b\"";
  FormatReport report;
  EXPECT_THAT(read_documents("csv", csv, {.record_template = "{body}"}, &report),
              ElementsAre("one, \"two\"\r\nthree", "plain 5\" nail", "\u732b"));
  EXPECT_EQ(report.records, 3);
}

TEST(CsvFormat, EmptyRecords_AreLeftOutAndCounted) {
  FormatReport report;
  EXPECT_THAT(read_documents("csv", "n,body\n1,\n2,\"\"\n3,x\n4,", {.record_template = "Text: {body}"}, &report),
              ElementsAre("Text: x"));
  EXPECT_EQ(report.empty_records, 3);
  EXPECT_EQ(report.records, 1);
}

TEST(CsvFormat, SingleColumn_NeedsNoTemplate) {
  EXPECT_THAT(read_documents("csv", "line\none\n\"\"\ntwo\n"), ElementsAre("one", "two"));
  EXPECT_THAT(read_documents("csv", "line\n"), IsEmpty());
  EXPECT_THAT(read_documents("csv", ""), IsEmpty());
}

TEST(CsvFormat, SeveralColumnsWithoutTemplate_AreAnErrorWithHint) {
  EXPECT_THAT(error_of("csv", "title,body\na,b\n", ""),
              AllOf(HasSubstr("file:1: nothing says which field"), HasSubstr("title, body"), HasSubstr("--template")));
}

TEST(CsvFormat, BadRows_AreNamedWithTheirLine) {
  EXPECT_THAT(error_of("csv", "title,body\na,b\n\"x\ny\",b\na,b,c\n"),
              HasSubstr("file:5: 3 fields, expected 2 as in the first row"));
  EXPECT_THAT(error_of("csv", "title,body\na\n"), HasSubstr("file:2: 1 field, expected 2"));
  EXPECT_THAT(error_of("csv", "body\na\n\"b\nc\n"), HasSubstr("file:3: a quote is opened and never closed"));
  EXPECT_THAT(error_of("csv", "body\n\"a\nb\" c\n"), HasSubstr("file:3: text after the closing quote"));
  EXPECT_THAT(error_of("csv", "body\n\"a\"\rb\n"), HasSubstr("file:2: a carriage return after a closing quote"));
  EXPECT_THAT(error_of("csv", "titel,bodi\na,b\n"),
              AllOf(HasSubstr("file:1: no field \"body\""), HasSubstr("titel, bodi"), HasSubstr("mean {bodi}?")));
  EXPECT_THAT(error_of("csv", "body,body\na,b\n"), HasSubstr("file:1: two columns are named \"body\""));
}

TEST(CsvFormat, QuoteThatIsNeverClosed_StaysBounded) {
  FormatReport report;
  DocumentLog log;
  const auto reader = make_format_reader("csv", {}, "file", report, log);
  reader->push("body\n\"");
  const std::string text(size_t{1} << 20, 'a');
  const auto push_for_ever = [&] {
    while (true) reader->push(text);
  };
  EXPECT_THROW(push_for_ever(), FormatError);
}

TEST(CsvFormat, SemicolonsAndTabs_DivideFieldsWhereTheFirstRowHasNoComma) {
  const FormatOptions options{.record_template = "{a}|{b}"};
  EXPECT_THAT(read_documents("csv", "a;\"b\"\n1,5;2\n", options), ElementsAre("1,5|2"));
  EXPECT_THAT(read_documents("csv", "a\tb\r\n1;5\t2\r\n", options), ElementsAre("1;5|2"));
  EXPECT_THAT(read_documents("csv", "a,b,\"c;d\"\n1,2;,3\n", options), ElementsAre("1|2;"));
  EXPECT_THAT(read_documents("csv", "\"a;b\"\n1;2\n"), ElementsAre("1;2"));
  EXPECT_EQ(detect_format("x.csv", "a|b\n1|2;3\n").reason, "its name ends in .csv, its fields are divided by |");
  EXPECT_THAT(read_documents("csv", "A line | with a bar\nsecond\nthird | one\n"),
              ElementsAre("second", "third | one"));
  EXPECT_THROW(read_documents("csv", "a|b|c\n1|2\n3|4|5\n", options), FormatError);  // a field is missing
  EXPECT_THAT(read_documents("csv", "a|b\r\n\"x|y\"|2\r\n", options), ElementsAre("x|y|2"));
  EXPECT_EQ(detect_format("x.csv", "a;b\n1;2,3\n").reason, "its name ends in .csv, its fields are divided by ;");
}

TEST(CsvFormat, CarriageReturnsAlone_EndRows) {
  EXPECT_THAT(read_documents("csv", "a,b\r1,\"x\ry\"\r2,z", {.record_template = "{b}"}), ElementsAre("x\ry", "z"));
  expect_cuts_do_not_matter("csv", "a;b\r1;\"x\ry\"\r2;z", {.record_template = "{b}"});
}

TEST(CsvFormat, SpacesBesideNames_DoNotCount) {
  EXPECT_THAT(read_documents("csv", " a , b c \n1, 2\n", {.record_template = "{a}|{b c}"}), ElementsAre("1| 2"));
}

TEST(CsvFormat, OnlyColumnsName_IsToldToBeOne) {
  FormatReport report;
  EXPECT_THAT(read_documents("csv", "A poem\nAnother\n", {}, &report), ElementsAre("Another"));
  EXPECT_EQ(report.heading_rows, 1);
  read_documents("csv", "body\nAnother\n", {.record_template = "{body}"}, &report);
  EXPECT_EQ(report.heading_rows, 1);
}

TEST(CsvFormat, LineThatNamesTheSeparator_IsNoRow) {
  const FormatOptions options{.record_template = "{a}|{b}"};
  for (const std::string first : {"sep=;\r\n", "\"sep=;\"\n", "sep=;\r"}) {
    const std::string end = first.ends_with('\r') ? "\r" : "\n";
    EXPECT_THAT(read_documents("csv", first + "a;b" + end + "1,5;2", options), ElementsAre("1,5|2")) << first;
    expect_cuts_do_not_matter("csv", first + "a;b" + end + "1,5;2", options);
  }
  EXPECT_THAT(read_documents("csv", "sep=\t\na\tb\n1\t2\n", options), ElementsAre("1|2"));
  EXPECT_THAT(read_documents("csv", "sep=|"), IsEmpty());
  EXPECT_THAT(error_of("csv", "sep=;\na;b\n1\n", "{a}"), HasSubstr("file:3: 1 field, expected 2"));
  EXPECT_EQ(detect_format("x.csv", "sep=;\na;b\n").reason, "its name ends in .csv, its fields are divided by ;");
}

TEST(TsvFormat, Tabs_DivideFields) {
  EXPECT_THAT(read_documents("tsv", "a\tb\n1,5\t\"x\ty\"\n", {.record_template = "{a}|{b}"}), ElementsAre("1,5|x\ty"));
}

TEST(TsvFormat, QuotesThatDivideNothing_AreText) {
  const FormatOptions options{.record_template = "{a}|{b}"};
  const auto expect_documents = [&](const std::string& rows, const std::vector<std::string>& documents) {
    EXPECT_EQ(read_documents("tsv", "a\tb\n" + rows, options), documents) << rows;
    expect_cuts_do_not_matter("tsv", "a\tb\n" + rows, options);
  };
  expect_documents("\"Hello.\"\tA\n", {"\"Hello.\"|A"});
  expect_documents("\"Go away!\" she cried.\tB\n", {"\"Go away!\" she cried.|B"});
  expect_documents("1\t\"It began\n2\tin the night\n3\tand ended.\"\n4\tx\n",
                   {"1|\"It began", "2|in the night", "3|and ended.\"", "4|x"});
  expect_documents("\"never closed\tB\n", {"\"never closed|B"});
}

TEST(TsvFormat, QuotesOfSpreadsheets_AreNone) {
  const FormatOptions options{.record_template = "{a}|{b}"};
  const auto first = [&](const std::string& rows) { return read_documents("tsv", "a\tb\r\n" + rows, options).at(0); };
  EXPECT_EQ(first("\"two\nlines\"\tB\r\nx\ty\r\n"), "two\nlines|B");
  EXPECT_EQ(first("\"She said \"\"no\"\".\"\tB\r\n"), "She said \"no\".|B");
  EXPECT_EQ(first("\"red, blue\"\tB\r\nx\ty\r\n"), "red, blue|B");
  // A long file whose evidence ends within a field.
  std::string rows;
  for (int k = 0; k < 4000; ++k) rows += "\"two\nlines, " + std::to_string(k) + "\"\tB\r\n";
  EXPECT_EQ(read_documents("tsv", "a\tb\r\n" + rows, options).size(), 4000u);
}

TEST(JsonlFormat, Values_BecomeText) {
  const std::string line = R"({"s": "a\nb", "n": 1.5, "t": true, "z": null, "l": ["x", 2], "o": {"p": {"q": "deep"}},)"
                           R"( "d.t": "dotted"})";
  FormatReport report;
  EXPECT_THAT(
      read_documents("jsonl", line + "\r\n\n", {.record_template = "{s}|{n}|{t}|{z}|{l}|{o.p.q}|{d.t}"}, &report),
      ElementsAre("a\nb|1.5|true||x, 2|deep|dotted"));
  EXPECT_EQ(report.records, 1);
}

TEST(JsonlFormat, Numbers_StayAsTheyAreWritten) {
  const std::string numbers = "[1.10, 1e3, 12345678901234567890123, -0, 0, -7, 18446744073709551615, 0.1e-7]";
  EXPECT_THAT(read_documents("jsonl", "{\"n\": " + numbers + "}"), ElementsAre(numbers.substr(1, numbers.size() - 2)));
}

TEST(JsonlFormat, ListOfObjects_IsReadThroughAPath) {
  const std::string chat = R"({"messages": [{"role": "user", "content": "Hi!"}, {"role": "tool", "content": null},)"
                           R"( {"role": "writer", "content": "Hello."}, {"end": true}], "id": 7})";
  EXPECT_THAT(read_documents("jsonl", chat, {.record_template = "{id}: {messages.content}"}),
              ElementsAre("7: Hi!\nHello."));
  EXPECT_THAT(read_documents("jsonl", R"({"a": [[{"b": {"c": 1}}], {"b": [{"c": 2}, {"c": [3, 4]}]}]})",
                             {.record_template = "{a.b.c}"}),
              ElementsAre("1\n2\n3, 4"));
  EXPECT_THAT(error_of("jsonl", chat, "{messages}"),
              AllOf(HasSubstr("file:1: field \"messages\" holds objects"), HasSubstr("\"{messages.content}\"")));
  EXPECT_THAT(error_of("jsonl", chat, "{messages.text}"),
              AllOf(HasSubstr("no field \"messages.text\""), HasSubstr("messages.role, messages.content, id")));
  EXPECT_THAT(error_of("jsonl", chat, ""), HasSubstr("\"{messages.content}\""));
  EXPECT_THAT(error_of("jsonl", "{\"messages\": [{\"content\": \"Hi!\"}]}", ""), HasSubstr("\"{messages.content}\""));
}

TEST(JsonlFormat, FieldsOfTheSameList_GoTogether) {
  const auto filled = [](const std::string& record_template, const std::string& line) {
    const std::vector<std::string> documents = read_documents("jsonl", line, {.record_template = record_template});
    return documents.size() == 1 ? documents[0] : std::to_string(documents.size()) + " documents";
  };
  const std::string chat =
      R"({"id": 7, "messages": [{"who": {"name": "Ann"}, "text": "Hi!"}, {"text": "Who?"}, {"n": 1},)"
      R"( {"who": {"name": "Bo"}, "text": "I."}], "tags": ["a", "b"], "notes": [{"text": "N"}]})";
  EXPECT_EQ(filled("{messages.who.name}: {messages.text}", chat), "Ann: Hi!\n: Who?\nBo: I.");
  EXPECT_EQ(filled("= {id} =\n- {messages.text}.\n({tags})", chat), "= 7 =\n- Hi!.\n- Who?.\n- I..\n(a, b)");
  // What else is in the line is there once.
  EXPECT_EQ(filled("{id} {messages.who.name}/{messages.text} {tags}", chat), "7 Ann/Hi!\n/Who?\nBo/I. a, b");
  EXPECT_EQ(filled("> {messages.text} {notes.text}", chat), "> Hi!\nWho?\nI. N");
  EXPECT_EQ(filled("{messages.who.name} {id} {messages.text}", chat), "Ann 7 Hi!\n 7 Who?\nBo 7 I.");
  EXPECT_EQ(filled("{messages.who.name}\n{id}\n{messages.text}", chat), "Ann\nBo\n7\nHi!\nWho?\nI.");
  // Each has several lines.
  EXPECT_EQ(filled("[{messages.who.name}]\n{messages.text}\n", chat), "[Ann]\nHi!\n[]\nWho?\n[Bo]\nI.\n");
  // A list within a list, a list of lists, and lists with nothing in them.
  EXPECT_EQ(filled("{a.n}: {a.b.c}", R"({"a": [{"n": 1, "b": [{"c": 2}, {"c": 3}]}, {"n": 4, "b": []}]})"),
            "1: 2\n3\n4: ");
  EXPECT_EQ(filled("{a.n}-{a.m}", R"({"a": [[{"n": 1, "m": 2}], [{"n": 3, "m": 4}]]})"), "1-2\n3-4");
  EXPECT_EQ(filled("{t}\n- {a.n}", R"({"t": "T", "a": [{"n": ""}]})"), "T\n");
  EXPECT_THAT(read_documents("jsonl",
                             R"({"t": "T", "a": []})"
                             "\n"
                             R"({"t": "U", "a": [{"n": 1}]})",
                             {.record_template = "{t}\n- {a.n}"}),
              ElementsAre("T\n", "U\n- 1"));
  FormatReport report;
  const std::string lacking = R"({"a": [{"n": 1}, {"n": 2}]})"
                              "\n"
                              R"({"a": ["text", {"n": 1, "m": 2}]})"
                              "\n"
                              R"({"a": [{"n": 1, "m": 2}]})";
  EXPECT_THAT(read_documents("jsonl", lacking, {.record_template = "{a.n}:{a.m}."}, &report),
              ElementsAre("1:.\n2:.", "1:2.", "1:2."));
  EXPECT_EQ(report.lacking_records, 2);
  EXPECT_EQ(filled("{t}\n- {a.n}", R"({"t": "T", "a": []})"
                                   "\n"
                                   R"({"a": [{"n": 1}]})"),
            "2 documents");
  EXPECT_EQ(filled("{o.l.n}+{o.l.m}", R"({"o": {"l": [{"n": 1, "m": 2}, {"n": 3}]}})"), "1+2\n3+");
  EXPECT_THAT(error_of("jsonl", R"({"a": [{"b": {"c": "x"}}]})", "{a.b}"), HasSubstr("field \"a.b\" holds objects"));
}

TEST(JsonlFormat, HalvesOfCharacters_AreReplacedLeftOutOrAnError) {
  const std::string line = R"({"body": "a\\\ud83d\ud83d\ude00b\uDE00\\ud83dc\ud83d"})";
  for (const auto& [on_invalid, text] : {std::pair(OnInvalid::kReplace, "a\\\uFFFD\U0001F600b\uFFFD\\ud83dc\uFFFD"),
                                         std::pair(OnInvalid::kSkip, "a\\\U0001F600b\\ud83dc")}) {
    FormatReport report;
    DocumentLog log;
    const auto reader = make_format_reader("jsonl", {}, "file", report, log, on_invalid);
    reader->push(line);
    reader->finish();
    EXPECT_THAT(log.documents, ElementsAre(text));
    EXPECT_EQ(report.lone_surrogates, 3);
  }
  EXPECT_THAT(error_of("jsonl", line),
              AllOf(HasSubstr("file:1: not valid JSON at byte 14: \\ud83d is half of"), HasSubstr("--invalid")));
}

TEST(JsonlFormat, SingleField_NeedsNoTemplate) {
  FormatReport report;
  EXPECT_THAT(read_documents("jsonl", "\"one\"\n{\"any\": \"two\"}\n{\"any\": \"\"}", {}, &report),
              ElementsAre("one", "two"));
  EXPECT_EQ(report.empty_records, 1);
}

TEST(JsonlFormat, FieldThatSomeRecordsLack_IsEmptyThere) {
  FormatReport report;
  const std::string lines = "{\"body\": \"one\"}\n{\"title\": \"T\", \"body\": \"two\"}\n{\"other\": 1}\n";
  EXPECT_THAT(read_documents("jsonl", lines, {.record_template = "{title}:{body}"}, &report),
              ElementsAre(":one", "T:two"));
  EXPECT_EQ(report.lacking_records, 2);
  EXPECT_EQ(report.empty_records, 1);
  EXPECT_THAT(error_of("jsonl", lines, "{body}{titel}"),
              AllOf(HasSubstr("file:1: no field \"titel\""), HasSubstr("its fields: body")));
}

TEST(JsonlFormat, OtherJson_IsNamedForWhatItIs) {
  EXPECT_THAT(error_of("jsonl", "{\n  \"body\": 1\n}\n"),
              AllOf(HasSubstr("file:1: not valid JSON"), HasSubstr("jq -c")));
  EXPECT_THAT(error_of("jsonl", "[{\"body\": 1}, {\"body\": 2}]\n"), HasSubstr("one JSON array, not JSON Lines"));
  EXPECT_THAT(error_of("jsonl", "[{\"body\": 1},\n"), HasSubstr("over several lines"));
  for (const char* const line : {"{\"body\": 1e999}\n", "{\"body\": \"\\x\"}\n", "Once upon a time\n"})
    EXPECT_THAT(error_of("jsonl", line), AllOf(HasSubstr("file:1: "), Not(HasSubstr("json.exception")))) << line;
}

TEST(JsonlFormat, BadLines_AreNamed) {
  EXPECT_THAT(error_of("jsonl", "{\"body\": 1}\n{\"body\": }\n"), HasSubstr("file:2: not valid JSON"));
  EXPECT_THAT(error_of("jsonl", "{\"a\": {\"b\": 1, \"c\": {}}}\n", "{a.x}"),
              AllOf(HasSubstr("file:1: no field \"a.x\""), HasSubstr("a.b, a.c.*")));
  EXPECT_THAT(error_of("jsonl", "{\"body\": {\"b\": 1}}\n"), HasSubstr("file:1: field \"body\" holds objects"));
  EXPECT_THAT(error_of("jsonl", "{\"body\": [[1]]}\n"), HasSubstr("holds objects"));
  EXPECT_THAT(error_of("jsonl", "[1]\n"), HasSubstr("file:1: expected an object"));
  EXPECT_THAT(error_of("jsonl", "[1]\n", ""), HasSubstr("file:1: expected a string or an object"));
  EXPECT_THAT(error_of("jsonl", "{\"a\": 1, \"b\": 2}\n", ""), HasSubstr("nothing says which field"));
  EXPECT_THAT(error_of("jsonl", "{\"body\": 1, \"body\": 2}\n"),
              AllOf(HasSubstr("file:1: JSON with the same key twice"), HasSubstr("leave one of them")));
  EXPECT_THAT(error_of("jsonl", "{\"body\": \"\\ud800\"}\n"), HasSubstr("file:1: not valid JSON"));
  EXPECT_THAT(error_of("jsonl", std::string(100000, '[')), HasSubstr("nested deeper"));
}

TEST(RecordFormats, AnyCut_GivesTheSameDocuments) {
  const FormatOptions options{.record_template = "{題}: {body}"};
  const std::string csv = "題,body\r\n\"潮,\n\"\"満\"\"\",\"\"\r\n石,a\"b\r\r\n\n,\r\n\"\",末";
  expect_cuts_do_not_matter("csv", csv, options);
  expect_cuts_do_not_matter("tsv", "題\tbody\n\"潮\t\"\t1\n石\t2\n", options);
  expect_cuts_do_not_matter("jsonl", "{\"題\": \"潮\", \"body\": [\"満\", 1]}\r\n\n{\"題\": \"\", \"body\": null}",
                            options);
}

TEST(RecordFormats, Nuls_AreText) {
  using namespace std::string_literals;
  EXPECT_THAT(read_documents("csv", "a\nx\0y\n"s), ElementsAre("x\0y"s));
  EXPECT_THAT(error_of("jsonl", "{\"body\": \"\0\"}\n"s), HasSubstr("file:1: not valid JSON"));
}

}  // namespace
}  // namespace fude
