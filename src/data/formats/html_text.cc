#include "data/formats/html_text.h"

#include <libxml/HTMLparser.h>

#include <algorithm>
#include <charconv>
#include <initializer_list>
#include <memory>
#include <new>
#include <optional>
#include <unordered_map>
#include <unordered_set>

#include "data/formats/aozora_characters.h"
#include "data/formats/aozora_page.h"
#include "data/formats/html_attributes.h"
#include "data/formats/html_names.h"
#include "data/formats/html_references.h"
#include "data/formats/list_numbers.h"
#include "data/formats/ruby_tags.h"
#include "fude/base/error.h"
#include "fude/text/unicode.h"

namespace fude {
namespace {

// A closing tag is looked for among all open elements, so their number is bounded.
constexpr int kDeepest = 2000;
constexpr std::string_view kBlanks = " \t\r\n\f";

enum class Role { kInline, kBlock, kRule, kParagraph, kLine, kList, kBreak, kCell, kVerbatim, kImage, kDropped };

Role role_of(std::string_view element) {
  static const std::unordered_map<std::string_view, Role> kRoles = [] {
    std::unordered_map<std::string_view, Role> roles;
    const auto add = [&](Role role, std::initializer_list<std::string_view> names) {
      for (const std::string_view name : names) roles[name] = role;
    };
    add(Role::kBlock, {"h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "table", "section", "article", "header",
                       "footer", "main", "aside", "figure", "form", "fieldset", "address", "details"});
    add(Role::kRule, {"hr"});
    add(Role::kParagraph, {"p"});
    add(Role::kLine, {"div", "li", "dt", "dd", "tr", "caption", "figcaption", "center", "legend", "summary", "body"});
    add(Role::kList, {"ul", "ol", "dl", "menu"});
    add(Role::kBreak, {"br"});
    add(Role::kCell, {"td", "th"});
    add(Role::kVerbatim, {"pre"});
    add(Role::kImage, {"img"});
    add(Role::kDropped, {"script", "style", "nav", "template", "title", "noscript", "svg", "iframe", "object", "canvas",
                         "audio", "video", "select", "button", "xml"});
    return roles;
  }();
  const auto role = kRoles.find(element);
  return role == kRoles.end() ? Role::kInline : role->second;
}

// Whether every tag in `html` that opens `element` has one that closes it.
bool has_closing_tags(std::string_view html, std::string_view element) {
  int64_t open = 0;
  size_t tag_end = 0;  // behind `at`, once it is wanted
  for (size_t at = html.find('<'); at != std::string_view::npos; at = html.find('<', at + 1)) {
    const bool closes = html.substr(at + 1, 1) == "/";
    const std::string_view name = html.substr(at + (closes ? 2 : 1), element.size());
    const bool same = std::equal(name.begin(), name.end(), element.begin(), element.end(),
                                 [](char a, char b) { return a == b || (a >= 'A' && a <= 'Z' && a - 'A' + 'a' == b); });
    if (!same) continue;
    const size_t end = at + (closes ? 2 : 1) + element.size();
    if (end < html.size() && std::string_view(" \t\r\n\f/>").find(html[end]) == std::string_view::npos) continue;
    if (tag_end < end) tag_end = html.find('>', end);
    if (closes)
      --open;
    else if (tag_end == std::string_view::npos || html[tag_end - 1] != '/')
      ++open;
  }
  return open <= 0;
}

// Pictures that are characters, and what joins them.
bool is_emoji(std::string_view text) {
  constexpr size_t kLongest = 64;  // bytes
  const auto within = [](char32_t c, char32_t first, char32_t last) { return c >= first && c <= last; };
  for (size_t offset = 0; offset < text.size();) {
    const char32_t c = next_code_point(text, offset);
    if (c != 0x200D && c != 0xFE0F && !within(c, 0x2600, 0x27BF) && !within(c, 0x1F000, 0x1FAFF)) return false;
  }
  return !text.empty() && text.size() <= kLongest;
}

std::string_view view(const xmlChar* text) { return reinterpret_cast<const char*>(text); }

// Names and values in turn, ending with a null pointer; nullptr: there are none.
using Attributes = const xmlChar**;

// An attribute's value: empty where it has none, nullopt where it is not there.
std::optional<std::string_view> find_attribute(std::string_view name, Attributes attributes) {
  for (; attributes != nullptr && attributes[0] != nullptr; attributes += 2)
    if (view(attributes[0]) == name) return attributes[1] == nullptr ? std::string_view() : view(attributes[1]);
  return {};
}

// nullopt: it is not there, or no number.
std::optional<int> find_number(std::string_view name, Attributes attributes) {
  std::string_view value = find_attribute(name, attributes).value_or("");
  value.remove_prefix(std::min(value.find_first_not_of(kBlanks), value.size()));
  if (value.starts_with('+')) value.remove_prefix(1);
  int number = 0;
  const auto [last, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  return error == std::errc() ? std::optional(number) : std::nullopt;
}

class Reducer {
 public:
  // `html` is the whole source, which must outlive the reducer.
  Reducer(std::string_view html, const std::string& ruby, FormatReport& report, TextFlow& flow)
      : html_(html), of_aozora_(is_aozora_page(html)), ruby_(ruby, report), report_(&report), flow_(&flow) {}

  void start(std::string_view element, Attributes attributes) {
    const Role role = role_of(element);
    if (dropped_ > 0 || (role == Role::kDropped && is_closed(element))) {
      if (dropped_ == 0) ++(has_end(element) ? report_->elements : report_->open_elements);
      ++dropped_;
      return;
    }
    if (of_aozora_ && element == "div" && is_beside_work(attributes)) {
      ++dropped_;
      return;
    }
    end_ruby_before(role);
    switch (role) {
      case Role::kList:
        begin_numbers(element, attributes);
        return flow_->begin_list();
      case Role::kBreak:
        return flow_->line_break();
      case Role::kCell:
        if (row_has_cell_) flow_->verbatim("\t");
        row_has_cell_ = true;
        return flow_->begin_cell();
      case Role::kVerbatim:
        flow_->paragraph();
        ++verbatim_;
        return;
      case Role::kImage:
        return image(find_attribute("alt", attributes).value_or(""));
      default:
        report_->unknown_tags += role == Role::kInline && !is_known_inline(element) ? 1 : 0;
        ruby_.start(element, *flow_);
        if (element == "q") characters("“");
        part(role, element);
        if (element == "li") numbers_.begin_item(find_number("value", attributes));
    }
  }

  void end(std::string_view element) {
    if (dropped_ > 0) {
      --dropped_;
      return;
    }
    const Role role = role_of(element);
    end_ruby_before(role);
    switch (role) {
      case Role::kList:
        numbers_.end_list();
        return flow_->end_list();
      case Role::kCell:
        return flow_->end_cell();
      case Role::kVerbatim:
        flow_->paragraph();
        --verbatim_;
        return;
      default:
        if (element == "li") numbers_.end_item();
        if (element == "q") characters("”");
        ruby_.end(element, *flow_);
        part(role, element);
    }
  }

  void comment() { report_->comments += dropped_ == 0 ? 1 : 0; }

  void characters(std::string_view text) {
    if (dropped_ > 0 || !ruby_.shows_text()) return;
    if (numbers_.are_wanted() && text.find_first_not_of(kBlanks) != std::string_view::npos)
      flow_->text(numbers_.take({}));
    verbatim_ > 0 ? flow_->verbatim(text) : flow_->text(text);
  }

 private:
  // Only an ordered list's items have numbers, and only what counts up in digits is one.
  void begin_numbers(std::string_view element, Attributes attributes) {
    const bool numbered = element == "ol" && find_attribute("type", attributes).value_or("1") == "1" &&
                          !find_attribute("reversed", attributes);
    numbers_.begin_list(find_number("start", attributes).value_or(1), numbered ? '.' : '\0');
  }

  // Counts it, too.
  bool is_beside_work(Attributes attributes) {
    const PagePart part =
        page_part(find_attribute("class", attributes).value_or(""), find_attribute("id", attributes).value_or(""));
    if (part == PagePart::kWork || !has_end("div")) return false;
    ++(part == PagePart::kHeader ? report_->headers : report_->footers);
    return true;
  }

  // Some are characters that there was no type for: Aozora Bunko's gaiji, and emoji.
  void image(std::string_view alternative) {
    if (alternative.starts_with(kGaijiMark)) {
      const std::string character = gaiji_character(alternative.substr(kGaijiMark.size()));
      ++(character.empty() ? report_->unknown_gaiji : report_->gaiji);
      return characters(character.empty() ? kUnknownGaiji : character);
    }
    if (is_emoji(alternative)) return characters(alternative);
    ++report_->images;
  }

  // Ruby is a part of a line; one that was not closed would take the text behind it along.
  void end_ruby_before(Role role) {
    if (role != Role::kInline && role != Role::kBreak && role != Role::kImage) ruby_.close_all(*flow_);
  }

  // Lines begin and end where these elements do.
  void part(Role role, std::string_view element) {
    if (role == Role::kBlock) flow_->end_block();
    if (role == Role::kRule) flow_->rule();
    if (role == Role::kParagraph) flow_->paragraph();
    if (role == Role::kLine) flow_->end_line();
    if (element == "tr") row_has_cell_ = false;
  }

  // One that is opened more often than it is closed would take the rest of the text with it. Scripts and styles are no
  // text, closed or not.
  bool is_closed(std::string_view element) { return element == "script" || element == "style" || has_end(element); }
  bool has_end(std::string_view element) {
    const auto [known, is_new] = closed_.try_emplace(std::string(element));
    if (is_new) known->second = has_closing_tags(html_, element);
    return known->second;
  }

  std::string_view html_;
  bool of_aozora_;
  std::unordered_map<std::string, bool> closed_;
  RubyTags ruby_;
  FormatReport* report_;
  TextFlow* flow_;
  ListNumbers numbers_;
  bool row_has_cell_ = false;
  // How many open elements of the kind the parser is in.
  int dropped_ = 0;
  int verbatim_ = 0;
};

struct Parse {
  Reducer reducer;
  htmlParserCtxtPtr context = nullptr;
  int depth = 0;
  bool too_deep = false;
};

void on_start(void* user, const xmlChar* name, Attributes attributes) {
  auto& parse = *static_cast<Parse*>(user);
  if (++parse.depth > kDeepest) {
    parse.too_deep = true;
    xmlStopParser(parse.context);
    return;
  }
  parse.reducer.start(view(name), attributes);
}

void on_end(void* user, const xmlChar* name) {
  auto& parse = *static_cast<Parse*>(user);
  --parse.depth;
  if (!parse.too_deep) parse.reducer.end(view(name));
}

void on_characters(void* user, const xmlChar* text, int size) {
  auto& parse = *static_cast<Parse*>(user);
  parse.reducer.characters({reinterpret_cast<const char*>(text), static_cast<size_t>(size)});
}

void on_comment(void* user, const xmlChar* /*text*/) { static_cast<Parse*>(user)->reducer.comment(); }

}  // namespace

bool is_known_inline(std::string_view element) {
  static const std::unordered_set<std::string_view> kNewer = {
      "mark",   "time", "data",    "wbr",    "bdi",    "ruby",   "rb",    "rt",
      "rtc",    "rp",   "picture", "source", "track",  "output", "meter", "progress",
      "dialog", "slot", "embed",   "main",   "search", "hgroup", "math",  "image"};
  return kNewer.contains(element) || element.find_first_of("-:") != std::string_view::npos ||
         htmlTagLookup(reinterpret_cast<const xmlChar*>(std::string(element).c_str())) != nullptr;
}

void append_html(std::string_view html, const std::string& ruby, const std::string& where, FormatReport& report,
                 TextFlow& flow) {
  std::string mended = mend_html(html);
  if (is_aozora_page(mended)) mended = without_notes(mended, report);
  html = mended;
  if (html.find_first_not_of(kBlanks) == std::string_view::npos) return;
  if (has_endless_tag(html))
    throw FormatError(where + ": an HTML tag with more than " + std::to_string(kMostAttributes) + " attributes",
                      "a < that is meant as text is written &lt;; or take it as it is: --input-format plain");
  xmlInitParser();
  const std::unique_ptr<htmlParserCtxt, void (*)(htmlParserCtxtPtr)> context(htmlNewParserCtxt(), htmlFreeParserCtxt);
  if (context == nullptr) throw std::bad_alloc();
  // Without the handlers that build a tree, and silent.
  htmlSAXHandler handlers{};
  handlers.startElement = on_start;
  handlers.endElement = on_end;
  handlers.characters = on_characters;
  handlers.ignorableWhitespace = on_characters;
  handlers.cdataBlock = on_characters;
  handlers.comment = on_comment;
  Parse parse{Reducer(html, ruby, report, flow), context.get()};
  *context->sax = handlers;
  context->userData = &parse;
  // The text is UTF-8 by now, whatever the file says of itself.
  constexpr int kOptions =
      HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET | HTML_PARSE_IGNORE_ENC;
  htmlCtxtReadMemory(context.get(), html.data(), static_cast<int>(html.size()), nullptr, "UTF-8", kOptions);
  if (parse.too_deep)
    throw FormatError(where + ": HTML elements nested deeper than " + std::to_string(kDeepest) + " levels",
                      "take it as it is: --input-format plain");
  if (context->input != nullptr && context->input->cur < context->input->end)
    throw FormatError(where + ": HTML that cannot be read to its end", "take it as it is: --input-format plain");
}

std::string decode_entity(std::string_view entity) {
  if (entity.size() < 4 || !entity.starts_with('&') || !entity.ends_with(';')) return std::string(entity);
  const std::string name(entity.substr(1, entity.size() - 2));
  unsigned code_point = 0;
  if (name[0] == '#') {
    const bool hexadecimal = name[1] == 'x' || name[1] == 'X';
    const char* const end = name.data() + name.size();
    const auto [last, error] =
        std::from_chars(name.data() + (hexadecimal ? 2 : 1), end, code_point, hexadecimal ? 16 : 10);
    if (error != std::errc() || last != end) return std::string(entity);
    code_point = meant_by_reference(code_point);
  } else {
    const htmlEntityDesc* const known = htmlEntityLookup(reinterpret_cast<const xmlChar*>(name.c_str()));
    if (known == nullptr) {
      const std::string_view character = character_named(name);
      return std::string(character.empty() ? entity : character);
    }
    code_point = known->value;
  }
  std::string text;
  append_utf8(text, code_point);
  return text;
}

bool needs_no_semicolon(std::string_view name) {
  static const std::unordered_set<std::string_view> kNames = [] {
    std::unordered_set<std::string_view> names = {"quot", "amp", "lt", "gt"};
    for (unsigned code_point = 0xA0; code_point <= 0xFF; ++code_point)
      if (const htmlEntityDesc* const known = htmlEntityValueLookup(code_point)) names.insert(known->name);
    return names;
  }();
  return kNames.contains(name);
}

}  // namespace fude
