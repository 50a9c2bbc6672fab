#include "data/formats/html_text.h"

#include <libxml/HTMLparser.h>

#include <charconv>
#include <initializer_list>
#include <memory>
#include <new>
#include <unordered_map>

#include "fude/base/error.h"
#include "fude/text/unicode.h"

namespace fude {
namespace {

// A closing tag is looked for among all open elements, so their number is bounded.
constexpr int kDeepest = 2000;

enum class Role {
  kInline,
  kBlock,
  kParagraph,
  kLine,
  kList,
  kBreak,
  kCell,
  kVerbatim,
  kRuby,
  kReading,
  kBracket,
  kImage,
  kDropped
};

Role role_of(std::string_view element) {
  static const std::unordered_map<std::string_view, Role> kRoles = [] {
    std::unordered_map<std::string_view, Role> roles;
    const auto add = [&](Role role, std::initializer_list<std::string_view> names) {
      for (const std::string_view name : names) roles[name] = role;
    };
    add(Role::kBlock,
        {"h1",      "h2",     "h3",     "h4",   "h5",    "h6",     "blockquote", "table",    "hr",      "section",
         "article", "header", "footer", "main", "aside", "figure", "form",       "fieldset", "address", "details"});
    add(Role::kParagraph, {"p"});
    add(Role::kLine, {"div", "li", "dt", "dd", "tr", "caption", "figcaption", "center", "legend", "summary", "body"});
    add(Role::kList, {"ul", "ol", "dl", "menu"});
    add(Role::kBreak, {"br"});
    add(Role::kCell, {"td", "th"});
    add(Role::kVerbatim, {"pre"});
    add(Role::kRuby, {"ruby"});
    add(Role::kReading, {"rt"});
    add(Role::kBracket, {"rp"});
    add(Role::kImage, {"img"});
    add(Role::kDropped, {"script", "style", "nav", "template", "title", "noscript", "svg", "iframe", "object", "canvas",
                         "audio", "video", "select", "button"});
    return roles;
  }();
  const auto role = kRoles.find(element);
  return role == kRoles.end() ? Role::kInline : role->second;
}

class Reducer {
 public:
  Reducer(const std::string& ruby, FormatReport& report, TextFlow& flow)
      : keep_(ruby == "keep"), reading_(ruby == "reading"), report_(&report), flow_(&flow) {}

  void start(std::string_view element) {
    const Role role = role_of(element);
    if (dropped_ > 0 || role == Role::kDropped) {
      report_->elements += dropped_ == 0 ? 1 : 0;
      ++dropped_;
      return;
    }
    switch (role) {
      case Role::kList:
        return flow_->begin_list();
      case Role::kBreak:
        return flow_->line_break();
      case Role::kCell:
        if (row_has_cell_) flow_->verbatim("\t");
        row_has_cell_ = true;
        return;
      case Role::kVerbatim:
        flow_->paragraph();
        ++verbatim_;
        return;
      case Role::kRuby:
        ++in_ruby_;
        return;
      case Role::kReading:
        ++in_reading_;
        ++report_->ruby;
        if (keep_) flow_->text("《");
        return;
      case Role::kBracket:
        ++in_bracket_;
        return;
      case Role::kImage:
        ++report_->images;
        return;
      default:
        part(role, element);
    }
  }

  void end(std::string_view element) {
    if (dropped_ > 0) {
      --dropped_;
      return;
    }
    const Role role = role_of(element);
    switch (role) {
      case Role::kList:
        return flow_->end_list();
      case Role::kVerbatim:
        flow_->paragraph();
        --verbatim_;
        return;
      case Role::kRuby:
        --in_ruby_;
        return;
      case Role::kReading:
        --in_reading_;
        if (keep_) flow_->text("》");
        return;
      case Role::kBracket:
        --in_bracket_;
        return;
      default:
        part(role, element);
    }
  }

  void characters(std::string_view text) {
    if (dropped_ > 0 || in_bracket_ > 0) return;
    if (in_reading_ > 0 && !keep_ && !reading_) return;
    if (in_ruby_ > 0 && in_reading_ == 0 && reading_) return;
    verbatim_ > 0 ? flow_->verbatim(text) : flow_->text(text);
  }

 private:
  // Lines begin and end where these elements do.
  void part(Role role, std::string_view element) {
    if (role == Role::kBlock) flow_->end_block();
    if (role == Role::kParagraph) flow_->paragraph();
    if (role == Role::kLine) flow_->end_line();
    if (element == "tr") row_has_cell_ = false;
  }

  bool keep_;
  bool reading_;
  FormatReport* report_;
  TextFlow* flow_;
  bool row_has_cell_ = false;
  // How many open elements of the kind the parser is in.
  int dropped_ = 0;
  int verbatim_ = 0;
  int in_ruby_ = 0;
  int in_reading_ = 0;
  int in_bracket_ = 0;
};

struct Parse {
  Reducer reducer;
  htmlParserCtxtPtr context = nullptr;
  int depth = 0;
  bool too_deep = false;
};

std::string_view view(const xmlChar* text) { return reinterpret_cast<const char*>(text); }

void on_start(void* user, const xmlChar* name, const xmlChar** /*attributes*/) {
  auto& parse = *static_cast<Parse*>(user);
  if (++parse.depth > kDeepest) {
    parse.too_deep = true;
    xmlStopParser(parse.context);
    return;
  }
  parse.reducer.start(view(name));
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

}  // namespace

void append_html(std::string_view html, const std::string& ruby, const std::string& where, FormatReport& report,
                 TextFlow& flow) {
  std::string without_nul;
  if (html.find('\0') != std::string_view::npos) {
    // libxml2 ends at a NUL; HTML wants U+FFFD in its place.
    for (const char c : html) c == '\0' ? without_nul += "\uFFFD" : without_nul += c;
    html = without_nul;
  }
  if (html.find_first_not_of(" \t\r\n\f") == std::string_view::npos) return;
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
  Parse parse{Reducer(ruby, report, flow), context.get()};
  *context->sax = handlers;
  context->userData = &parse;
  // The text is UTF-8 by now, whatever the file says of itself.
  constexpr int kOptions =
      HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET | HTML_PARSE_IGNORE_ENC;
  htmlCtxtReadMemory(context.get(), html.data(), static_cast<int>(html.size()), nullptr, "UTF-8", kOptions);
  if (parse.too_deep)
    throw FormatError(where + ": HTML elements nested deeper than " + std::to_string(kDeepest) + " levels");
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
    const bool surrogate = code_point >= 0xD800 && code_point < 0xE000;
    if (code_point == 0 || code_point > 0x10FFFF || surrogate) return "\uFFFD";
  } else {
    const htmlEntityDesc* const known = htmlEntityLookup(reinterpret_cast<const xmlChar*>(name.c_str()));
    if (known == nullptr) return std::string(entity);
    code_point = known->value;
  }
  std::string text;
  append_utf8(text, code_point);
  return text;
}

}  // namespace fude
