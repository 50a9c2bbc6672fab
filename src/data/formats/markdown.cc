// Markdown reduced to text. The one room that knows MD4C.
#include <md4c.h>

#include <algorithm>
#include <exception>
#include <string>
#include <string_view>

#include "data/formats/html_text.h"
#include "data/formats/list_numbers.h"
#include "data/formats/markdown_cost.h"
#include "data/formats/markdown_source.h"
#include "data/formats/readers.h"
#include "data/formats/ruby_tags.h"
#include "data/formats/text_flow.h"
#include "data/formats/whole_file_reader.h"
#include "fude/base/error.h"

namespace fude {
namespace {

// Whether a line of a block of metadata may be one: a key with its value, or what goes on with the value before.
bool is_metadata(std::string_view line, char mark) {
  if (line.empty() || std::string_view(" \t-#[]{}\"'").find(line.front()) != std::string_view::npos) return true;
  const std::string_view key = line.substr(0, line.find(mark));
  if (key.size() == line.size() || key.empty()) return false;
  // "He said: no" is prose; a key is a word or two, as in "date created".
  const std::string_view name = key.substr(0, key.find_last_not_of(' ') + 1);
  return std::count(name.begin(), name.end(), ' ') <= 1 &&
         (mark == '=' || line.substr(key.size() + 1, 1).empty() || line[key.size() + 1] == ' ');
}

// Whether a line is a key of one word with its value.
bool is_key(std::string_view line, char mark) {
  if (line.empty() || std::string_view(" \t-#[]{}").find(line.front()) != std::string_view::npos) return false;
  const std::string_view key = line.substr(0, line.find(mark));
  return key.find_first_of(" \t") >= key.find_last_not_of(" \t") + 1 && is_metadata(line, mark);
}

// The length of the block of metadata at the start of a file: between two lines of --- (YAML; the second may be ...)
// or of +++ (TOML), where the first line inside is a key of one word, and all may be metadata. 0 when there is none.
size_t front_matter_size(std::string_view file) {
  const std::string_view fence = file.substr(0, 3);
  if (fence != "---" && fence != "+++") return 0;
  const char mark = fence == "---" ? ':' : '=';
  size_t line = 0;
  bool blank = false;
  for (size_t begin = 0; begin < file.size(); ++line) {
    const size_t end = std::min(file.find('\n', begin), file.size());
    std::string_view text = file.substr(begin, end - begin);
    text = text.substr(0, text.find_last_not_of(" \t\r") + 1);
    begin = std::min(end + 1, file.size());
    if (line == 0 && text != fence) return 0;
    if (line == 1 && !is_key(text, mark)) return 0;
    if (line > 1 && (text == fence || (mark == ':' && text == "..."))) return begin;
    if (line > 0 && !is_metadata(text, mark)) return 0;
    // Behind a blank line, "ANNA: Come in." is a play.
    if (blank && !text.empty() && text[0] >= 'A' && text[0] <= 'Z') return 0;
    blank = text.empty();
  }
  return 0;
}

// Of code in a table, where a bar that divides no cells is \|.
std::string with_plain_bars(std::string_view code) {
  std::string text;
  for (size_t k = 0; k < code.size(); ++k)
    if (!code.substr(k).starts_with("\\|")) text += code[k];
  return text;
}

// A row that is too short gets cells, so that a small table can be a large text.
constexpr size_t kMostCellsAByte = 8;
constexpr size_t kCellsOfAnyFile = 100'000;

class Reducer {
 public:
  Reducer(const std::string& ruby, const std::string& file_name, FormatReport& report)
      : ruby_option_(ruby), ruby_(ruby, report), file_name_(file_name), report_(&report) {}

  std::string reduce(std::string_view file) {
    const size_t skipped = front_matter_size(file);
    report_->front_matter += skipped > 0 ? 1 : 0;
    file.remove_prefix(skipped);
    if (const std::string excess = excess_of_markdown(file); !excess.empty())
      throw FormatError(file_name_ + ": Markdown with " + excess, "take it as it is: --input-format plain");
    MarkdownSource source(file);
    source_ = &source;
    cells_left_ = file.size() * kMostCellsAByte + kCellsOfAnyFile;
    MD_PARSER parser{};
    parser.flags = MD_FLAG_TABLES | MD_FLAG_STRIKETHROUGH | MD_FLAG_TASKLISTS | MD_FLAG_LATEXMATHSPANS;
    parser.enter_block = [](MD_BLOCKTYPE type, void* detail, void* self) {
      return guarded(self, [=](Reducer& reducer) { reducer.enter(type, detail); });
    };
    parser.leave_block = [](MD_BLOCKTYPE type, void*, void* self) {
      return guarded(self, [=](Reducer& reducer) { reducer.leave(type); });
    };
    parser.enter_span = [](MD_SPANTYPE type, void*, void* self) {
      return guarded(self, [=](Reducer& reducer) { reducer.enter(type); });
    };
    parser.leave_span = [](MD_SPANTYPE type, void*, void* self) {
      return guarded(self, [=](Reducer& reducer) { reducer.leave(type); });
    };
    parser.text = [](MD_TEXTTYPE type, const MD_CHAR* text, MD_SIZE size, void* self) {
      return guarded(self, [=](Reducer& reducer) { reducer.text(type, {text, size}); });
    };
    const std::string_view text = source.text();
    const int failed = md_parse(text.data(), static_cast<MD_SIZE>(text.size()), &parser, this);
    if (error_) std::rethrow_exception(error_);
    if (failed != 0)
      throw FormatError(file_name_ + ": Markdown that cannot be read", "take it as it is: --input-format plain");
    report_->link_definitions += static_cast<int64_t>(source.hidden_definitions());
    return flow_.take();
  }

 private:
  // No exception passes through C.
  template <class Action>
  static int guarded(void* self, const Action& action) {
    auto& reducer = *static_cast<Reducer*>(self);
    try {
      action(reducer);
    } catch (...) {
      reducer.error_ = std::current_exception();
    }
    return reducer.error_ ? 1 : 0;
  }

  void enter(MD_BLOCKTYPE type, const void* detail) {
    ruby_.close_all(flow_);
    switch (type) {
      case MD_BLOCK_UL:
        numbers_.begin_list(0, '\0');
        return flow_.begin_list();
      case MD_BLOCK_OL: {
        const auto& list = *static_cast<const MD_BLOCK_OL_DETAIL*>(detail);
        numbers_.begin_list(list.start, list.mark_delimiter);
        return flow_.begin_list();
      }
      case MD_BLOCK_LI:
        flow_.end_line();
        return numbers_.begin_item();
      case MD_BLOCK_TH:
      case MD_BLOCK_TD:
        if (cells_left_-- == 0)
          throw FormatError(file_name_ + ": a Markdown table that is mostly cells without text",
                            "take it as it is: --input-format plain");
        if (row_has_cell_) flow_.verbatim("\t");
        row_has_cell_ = true;
        return;
      case MD_BLOCK_TR:
        row_has_cell_ = false;
        return flow_.end_line();
      case MD_BLOCK_HTML:
        in_html_block_ = true;
        return flow_.paragraph();
      default:
        part(type);
    }
  }

  void leave(MD_BLOCKTYPE type) {
    ruby_.close_all(flow_);
    switch (type) {
      case MD_BLOCK_UL:
      case MD_BLOCK_OL:
        numbers_.end_list();
        return flow_.end_list();
      case MD_BLOCK_LI:
        flow_.text(numbers_.take({}));  // "1986." may be all there is
        return flow_.end_line();
      case MD_BLOCK_HTML:
        in_html_block_ = false;
        append_html(html_, ruby_option_, file_name_, *report_, flow_);
        html_.clear();
        return flow_.paragraph();
      default:
        part(type);
    }
  }

  // Lines begin and end where these blocks do.
  void part(MD_BLOCKTYPE type) {
    if (type == MD_BLOCK_P || type == MD_BLOCK_CODE) flow_.paragraph();
    if (type == MD_BLOCK_TABLE) in_table_ = !in_table_;
    if (type == MD_BLOCK_H || type == MD_BLOCK_QUOTE || type == MD_BLOCK_TABLE) flow_.end_block();
    if (type == MD_BLOCK_HR) flow_.rule();
  }

  void enter(MD_SPANTYPE type) {
    sign_of_formula(type);
    if (type != MD_SPAN_IMG) return;
    ++report_->images;
    ++open_images_;
  }
  void leave(MD_SPANTYPE type) {
    sign_of_formula(type);
    open_images_ -= type == MD_SPAN_IMG ? 1 : 0;
  }
  // Formulas stay as they are.
  void sign_of_formula(MD_SPANTYPE type) {
    if (open_images_ > 0 || !ruby_.shows_text()) return;
    if (type == MD_SPAN_LATEXMATH) flow_.text("$");
    if (type == MD_SPAN_LATEXMATH_DISPLAY) flow_.text("$$");
  }

  // Of the HTML inside a line only what changes the text: breaks and ruby.
  void inline_tag(std::string_view tag) {
    const bool closes = tag.starts_with("</");
    tag.remove_prefix(std::min<size_t>(closes ? 2 : 1, tag.size()));
    std::string name(tag.substr(0, tag.find_first_of(" \t\r\n/>")));
    for (char& c : name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    if (name == "br") return flow_.line_break();
    const bool is_element = !closes && !name.empty() && name[0] >= 'a' && name[0] <= 'z';
    report_->unknown_tags += is_element && !is_known_inline(name) ? 1 : 0;
    closes ? ruby_.end(name, flow_) : ruby_.start(name, flow_);
  }

  void text(MD_TEXTTYPE type, std::string_view part) {
    if (source_->begins_definition(part)) flow_.end_line();
    if (numbers_.are_wanted()) flow_.text(numbers_.take(source_->skipped_before(part)));
    const std::string text = source_->shown(part);
    if (open_images_ > 0 || (type != MD_TEXT_HTML && !ruby_.shows_text())) return;
    switch (type) {
      case MD_TEXT_NULLCHAR:
        return flow_.text("\uFFFD");
      case MD_TEXT_BR:
        return flow_.line_break();
      case MD_TEXT_SOFTBR:
        return flow_.text("\n");
      case MD_TEXT_ENTITY:
        return flow_.text(decode_entity(text));
      case MD_TEXT_CODE:
        return flow_.verbatim(in_table_ ? with_plain_bars(text) : text);
      case MD_TEXT_HTML:
        if (in_html_block_) {
          html_ += text;
        } else {
          ++report_->tags;
          inline_tag(text);
        }
        return;
      default:
        flow_.text(text);
    }
  }

  std::string ruby_option_;
  RubyTags ruby_;  // inside lines
  std::string file_name_;
  FormatReport* report_;
  MarkdownSource* source_ = nullptr;
  TextFlow flow_;
  std::string html_;  // of the block being read
  ListNumbers numbers_;
  std::exception_ptr error_;
  bool in_html_block_ = false;
  bool in_table_ = false;
  bool row_has_cell_ = false;
  size_t cells_left_ = 0;  // of all tables
  int open_images_ = 0;
};

}  // namespace

std::unique_ptr<FormatReader> make_markdown_reader(const FormatOptions& options, const std::string& file_name,
                                                   FormatReport& report, DocumentSink& sink) {
  return std::make_unique<WholeFileReader>(options, file_name, report, sink,
                                           [ruby = options.ruby, file_name, &report](std::string_view file) {
                                             return Reducer(ruby, file_name, report).reduce(file);
                                           });
}

}  // namespace fude
