// fude tokenizer show: a vocabulary, or the pieces that a text is cut into.
#include <algorithm>
#include <array>

#include "base/json.h"
#include "binding.h"
#include "fude/text/unicode.h"
#include "input.h"
#include "terminal.h"
#include "tokenizer_actions.h"
#include "tokenizer_flags.h"
#include "usage_error.h"

namespace fude {
namespace {

struct Layout {
  bool colour = false;
  bool lines = false;
  bool ids = false;
};

std::string shown(const Tokenizer& tokenizer, TokenId id, bool with_id) {
  const std::string text = shown_piece(tokenizer, id);
  return with_id ? text + "[" + std::to_string(id) + "]" : text;
}

std::string line_of(const Tokenizer& tokenizer, TokenId id, bool with_id) {
  return (with_id ? pad_left(std::to_string(id), 8) + "  " : "") + shown_piece(tokenizer, id) + "\n";
}

// The text itself, token after token on another ground, or with bars between them; lines end where the text's do.
std::string running_text(const Tokenizer& tokenizer, const std::vector<TokenId>& ids, const Layout& layout) {
  constexpr std::array<const char*, 4> kGrounds = {"\x1b[30;48;5;223m", "\x1b[30;48;5;152m", "\x1b[30;48;5;187m",
                                                   "\x1b[30;48;5;183m"};
  std::string text;
  size_t turn = 0;
  bool line_start = true;
  for (const TokenId id : ids) {
    const std::string piece = shown(tokenizer, id, layout.ids);
    if (layout.colour) {
      text += kGrounds[turn++ % kGrounds.size()] + piece + "\x1b[0m";
    } else {
      text += (line_start ? "" : "|") + piece;
    }
    line_start = tokenizer.display(id).find('\n') != std::string::npos;
    if (line_start) text += '\n';
  }
  return line_start ? text : text + "\n";
}

std::string pieces_of(const Tokenizer& tokenizer, const std::vector<TokenId>& ids, const Layout& layout) {
  if (!layout.lines) return running_text(tokenizer, ids, layout);
  std::string text;
  for (const TokenId id : ids) text += line_of(tokenizer, id, layout.ids);
  return text;
}

Json pieces_as_json(const Tokenizer& tokenizer, const std::vector<TokenId>& ids) {
  Json pieces = Json::array();
  for (const TokenId id : ids) pieces.push_back({{"id", id}, {"piece", tokenizer.display(id)}});
  return pieces;
}

std::vector<TokenId> first_ids(const Tokenizer& tokenizer, int limit) {
  std::vector<TokenId> ids;
  for (TokenId id = 0; id < tokenizer.vocab_size() && (limit < 0 || id < limit); ++id) ids.push_back(id);
  return ids;
}

Json facts_of(const Tokenizer& tokenizer) {
  return {{"kind", tokenizer.kind()}, {"vocab_size", tokenizer.vocab_size()}, {"fingerprint", tokenizer.fingerprint()}};
}

void show_vocabulary(const Tokenizer& tokenizer, int limit, bool as_json) {
  const std::vector<TokenId> ids = first_ids(tokenizer, limit);
  if (as_json) {
    Json json = facts_of(tokenizer);
    for (const TokenId id : ids) json["pieces"].push_back(tokenizer.display(id));
    return put(to_pretty_text(json));
  }
  std::string out = described(tokenizer) + "\n";
  for (const TokenId id : ids) out += line_of(tokenizer, id, true);
  put(out);
  const auto left = static_cast<int64_t>(tokenizer.vocab_size()) - static_cast<int64_t>(ids.size());
  if (left > 0) say("and " + with_commas(left) + " more (--pieces -1 shows all)");
}

void show_text(const Tokenizer& tokenizer, const std::string& text, const Layout& layout, bool as_json) {
  const std::vector<TokenId> ids = tokenizer.encode(text);
  const auto tokens = static_cast<int64_t>(ids.size());
  const auto characters = static_cast<int64_t>(count_code_points(text));
  const auto unknown = static_cast<int64_t>(tokenizer.unknown_symbols(text, text.size()).size());
  if (as_json) {
    Json json = facts_of(tokenizer);
    json["text"] = {{"characters", characters}, {"tokens", tokens}, {"unknown", unknown}};
    json["tokens"] = pieces_as_json(tokenizer, ids);
    return put(to_pretty_text(json));
  }
  put(pieces_of(tokenizer, ids, layout));
  const double per_token = static_cast<double>(characters) / static_cast<double>(std::max<int64_t>(tokens, 1));
  say(described(tokenizer) + ": " + counted(characters, "character") + " in " + counted(tokens, "token") + " (" +
      fixed(per_token, 2) + " characters a token), " + counted(unknown, "unknown symbol"));
}

}  // namespace

int tokenizer_show(const std::vector<std::string>& arguments) {
  TokenizerSource source;
  TextInput input;
  int limit = 100;
  Layout layout;
  layout.colour = stdout_has_colour();
  std::string format = "text";
  Flags flags("tokenizer show", "[FILE...]",
              "Prints the pieces that texts are cut into, each on another ground than the one before it, or with | "
              "between them; without a text, on standard input neither, the vocabulary.");
  source.add_to(flags);
  input.add_to(flags);
  flags.section("Output");
  flags.add("color", {"colour"}, "", bind(layout.colour), "pieces on grounds of their own");
  flags.default_text("on a terminal");
  flags.add("lines", {}, "", bind(layout.lines), "a piece a line");
  flags.add("ids", {}, "", bind(layout.ids), "the number of each piece, too");
  flags.add("pieces", {}, "N", bind(limit), "tokens of the vocabulary to print; -1: all");
  flags.add("format", {}, "WORD", bind_choice(format, {"text", "json"}), "text | json");
  flags.example("fude tokenizer show -t story.tokenizer --text 'The sea was calm.' --ids");
  if (!flags.read(arguments)) return 0;
  flags.apply();
  if (limit < -1) throw UsageError("--pieces must be 0 or more, or -1 (all), got " + std::to_string(limit));
  const auto tokenizer = source.load(flags);
  const bool as_json = format == "json";
  const bool names_text = flags.is_given("text") || !flags.positionals().empty();
  if (names_text || (!flags.is_given("pieces") && stdin_has_bytes())) {
    show_text(*tokenizer, input.read(flags), layout, as_json);
  } else {
    show_vocabulary(*tokenizer, limit, as_json);
  }
  return 0;
}

}  // namespace fude
