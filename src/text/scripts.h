// The scripts that letters belong to: Latin, Han, Cyrillic and the others of Unicode.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fude {

// A script by its number in ICU.
using Script = int;

// The script of a letter; nullopt for what is no letter and for letters that many scripts share.
std::optional<Script> script_of(char32_t code_point);

// "Latin", "Han"
std::string script_name(Script script);

// From a list with commas: names ("latin"), four-letter codes ("Latn"), and languages for all they are written in ("ja"
// is Han, Hiragana and Katakana). Sorted, each once; empty for an empty list. ConfigError for what is none of these.
std::vector<Script> parse_scripts(std::string_view list);

}  // namespace fude
