#include "flags.h"

// Its scanner by hand: the other one is std::regex, which recurses on long values and takes no newline in them.
#define CXXOPTS_NO_REGEX
#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <cxxopts.hpp>

#include "base/closest.h"
#include "base/file.h"
#include "base/json.h"
#include "terminal.h"
#include "usage_error.h"

namespace fude {
namespace {

// '-' and '_' are one inside a long name.
std::string with_dashes(std::string_view name) {
  std::string dashed(name);
  std::replace(dashed.begin(), dashed.end(), '_', '-');
  return dashed;
}

std::string environment_name(std::string_view flag) {
  std::string name = "FUDE_";
  for (const char c : flag) name += c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return name;
}

// What a configuration file says for one flag, as it would stand on the command line.
std::vector<std::string> config_values(const Json& value, const std::string& where) {
  if (value.is_string()) return {value.get<std::string>()};
  if (value.is_boolean() || value.is_number()) return {to_text(value)};
  if (!value.is_array()) throw UsageError(where + ": expected a text, a number, true, false or a list of them");
  std::vector<std::string> values;
  for (const Json& element : value) {
    if (element.is_array()) throw UsageError(where + ": a list inside a list");
    values.push_back(config_values(element, where).front());
  }
  return values;
}

}  // namespace

Flags::Flags(std::string command, std::string positionals, std::string summary)
    : command_(std::move(command)), positional_help_(std::move(positionals)), summary_(std::move(summary)) {}

void Flags::add(std::string name, std::vector<std::string> aliases, std::string value, Binding binding,
                std::string help) {
  std::string now = binding.get();
  flags_.push_back({.name = std::move(name),
                    .aliases = std::move(aliases),
                    .value = std::move(value),
                    .binding = std::move(binding),
                    .help = std::move(help),
                    .section = section_,
                    .first_value = now,
                    .default_text = now});
}

const Flags::Flag* Flags::find(std::string_view name) const {
  const std::string wanted = name.size() == 1 ? std::string(name) : with_dashes(name);
  for (const Flag& flag : flags_) {
    if (flag.name == wanted || std::find(flag.aliases.begin(), flag.aliases.end(), wanted) != flag.aliases.end())
      return &flag;
  }
  return nullptr;
}

Flags::Flag* Flags::find(std::string_view name) { return const_cast<Flag*>(std::as_const(*this).find(name)); }

Flags::Flag& Flags::require(std::string_view name, const std::string& shown) {
  if (Flag* const flag = find(name)) return *flag;
  std::vector<std::string> known;
  for (const Flag& flag : flags_) {
    known.push_back(flag.name);
    for (const std::string& alias : flag.aliases) {
      if (alias.size() > 1) known.push_back(alias);
    }
    if (flag.binding.is_switch) known.push_back("no-" + flag.name);
  }
  const std::string near = closest(with_dashes(name), known);
  const std::string dashes = shown.starts_with("-") ? "--" : "";
  throw UsageError("unknown flag " + shown, near.empty() ? "" : "did you mean " + dashes + near + "?");
}

std::vector<std::string> Flags::normalize(const std::vector<std::string>& arguments) {
  std::vector<std::string> normal;
  for (size_t i = 0; i < arguments.size(); ++i) {
    const std::string& argument = arguments[i];
    if (argument == "--") {
      normal.insert(normal.end(), arguments.begin() + static_cast<std::ptrdiff_t>(i), arguments.end());
      break;
    }
    if (argument.size() < 2 || argument[0] != '-') {
      normal.push_back(argument);
      continue;
    }
    const bool is_long = argument[1] == '-';
    const size_t equals = is_long ? argument.find('=') : argument[2] == '=' ? 2 : std::string::npos;
    std::string name =
        is_long ? argument.substr(2, equals == std::string::npos ? equals : equals - 2) : argument.substr(1, 1);
    // "-n5" and "-n=5" are short -n with its value; "-rnn_size", as older tools have it, is told its two dashes.
    if (!is_long && argument.size() > 2 && find(argument.substr(1)) != nullptr)
      throw UsageError("unknown flag " + argument, "did you mean --" + find(argument.substr(1))->name + "?");
    bool negated = false;
    if (is_long && find(name) == nullptr && with_dashes(name).starts_with("no-")) {
      const Flag* const positive = find(name.substr(3));
      negated = positive != nullptr && positive->binding.is_switch && equals == std::string::npos;
      if (negated) name = positive->name;
    }
    const Flag& flag = require(name, is_long ? "--" + name : "-" + name);
    if (flag.binding.is_switch) {
      if (!is_long && argument.size() > 2) throw UsageError("unknown flag " + argument);
      const std::string value = equals != std::string::npos ? argument.substr(equals + 1) : negated ? "false" : "true";
      normal.push_back("--" + flag.name + "=" + value);
      continue;
    }
    normal.push_back("--" + flag.name);
    if (equals != std::string::npos) {
      normal.push_back(argument.substr(equals + 1));
    } else if (!is_long && argument.size() > 2) {
      normal.push_back(argument.substr(2));
    } else if (++i < arguments.size()) {
      normal.push_back(arguments[i]);
    }
  }
  return normal;
}

void Flags::read_arguments(const std::vector<std::string>& arguments) {
  cxxopts::Options parser("fude " + command_);
  for (const Flag& flag : flags_) {
    auto value = cxxopts::value<std::string>();
    if (flag.binding.is_switch) value->implicit_value("true");
    parser.add_options()(flag.name, flag.help, value);
  }
  const std::vector<std::string> normal = normalize(arguments);
  std::vector<const char*> argv = {"fude"};
  for (const std::string& argument : normal) argv.push_back(argument.c_str());
  try {
    const cxxopts::ParseResult result = parser.parse(static_cast<int>(argv.size()), argv.data());
    for (const auto& pair : result.arguments()) {
      Flag& flag = *find(pair.key());
      flag.source = Source::kFlag;
      flag.where = "--" + flag.name;
      flag.given.push_back(pair.value());
    }
    positionals_ = result.unmatched();
  } catch (const cxxopts::exceptions::missing_argument&) {
    const Flag& flag = *find(std::string_view(normal.back()).substr(2));
    throw UsageError("--" + flag.name + " needs a value", "--" + flag.name + " " + flag.value + ": " + flag.help);
  }
  if (positional_help_.empty() && !positionals_.empty()) throw UsageError("unexpected argument " + positionals_[0]);
}

void Flags::read_environment() {
  for (Flag& flag : flags_) {
    const std::string variable = environment_name(flag.name);
    const char* const value = std::getenv(variable.c_str());
    if (flag.source != Source::kNone || value == nullptr || flag.name == "help" || !flag.takes_environment) continue;
    flag.source = Source::kEnvironment;
    flag.where = variable;
    flag.given = {value};
  }
}

void Flags::read_config() {
  const std::string path = given("config").value_or("");
  if (path.empty()) return;
  const Json config = parse_json(read_file(path), path);
  if (!config.is_object()) throw UsageError(path + ": expected a JSON object of flag names and values");
  for (const auto& [key, value] : config.items()) {
    Flag& flag = require(key, "\"" + key + "\" in " + path);
    if (flag.name == "config" || flag.name == "help") throw UsageError(path + ": \"" + key + "\" cannot be set here");
    if (flag.source != Source::kNone || value.is_null()) continue;
    flag.source = Source::kConfig;
    flag.where = path + ": " + key;
    flag.given = config_values(value, flag.where);
  }
}

bool Flags::read(const std::vector<std::string>& arguments) {
  section("General");
  add("config", {}, "FILE", bind(config_), "a JSON object of flag names and values; flags and FUDE_* variables win");
  add("help", {"h"}, "", bind(help_), "this text");
  const auto end = std::find(arguments.begin(), arguments.end(), "--");
  if (std::any_of(arguments.begin(), end, [](const auto& a) { return a == "--help" || a == "-h"; })) {
    put(help());
    return false;
  }
  read_arguments(arguments);
  read_environment();
  read_config();
  return true;
}

void Flags::apply() {
  report();
  for (const Source source : {Source::kConfig, Source::kEnvironment, Source::kFlag}) {
    for (const Flag& flag : flags_) {
      if (flag.source != source) continue;
      for (const std::string& value : flag.given) {
        try {
          flag.binding.set(value);
        } catch (const UsageError& error) {
          throw UsageError(flag.where + ": " + error.what(), flag.name + ": " + flag.help);
        }
      }
    }
  }
}

void Flags::report() const {
  std::string config;
  std::string environment;
  std::string preset;
  for (const Flag& flag : flags_) {
    const auto append = [&](std::string& list, const std::string& value) {
      const bool one_line = value.find_first_of("\n\r\t") == std::string::npos;
      list += (list.empty() ? "" : ", ") + flag.name + " " + (value.empty() ? "''" : one_line ? value : escape(value));
    };
    for (const std::string& value : flag.given) {
      if (flag.source == Source::kConfig) append(config, value);
      if (flag.source == Source::kEnvironment) append(environment, value);
    }
    if (flag.source == Source::kNone && flag.binding.get() != flag.first_value) append(preset, flag.binding.get());
  }
  if (!environment.empty()) say("from the environment: " + environment);
  if (!config.empty()) say("from " + given("config").value_or("") + ": " + config);
  if (!preset.empty()) say("from preset " + find("preset")->binding.get() + ": " + preset);
}

std::optional<std::string> Flags::given(std::string_view name) const {
  const Flag* const flag = find(name);
  if (flag == nullptr || flag->given.empty()) return std::nullopt;
  return flag->given.back();
}

bool Flags::is_argument(std::string_view name) const {
  const Flag* const flag = find(name);
  return flag != nullptr && flag->source == Source::kFlag;
}

std::vector<std::pair<std::string, std::string>> Flags::all_given() const {
  std::vector<std::pair<std::string, std::string>> names;
  for (const Flag& flag : flags_) {
    if (!flag.given.empty()) names.emplace_back(flag.name, flag.where);
  }
  return names;
}

void Flags::ignore_environment(std::span<const char* const> except) {
  for (Flag& flag : flags_) {
    if (flag.source != Source::kEnvironment || std::find(except.begin(), except.end(), flag.name) != except.end())
      continue;
    flag.source = Source::kNone;
    flag.given.clear();
  }
}

void Flags::set(const std::string& name, const std::string& value) {
  const Flag& flag = require(name, name);
  try {
    flag.binding.set(value);
  } catch (const UsageError& error) {
    throw UsageError(flag.name + ": " + error.what(), flag.help);
  }
}

std::vector<std::pair<std::string, std::string>> Flags::values() const {
  std::vector<std::pair<std::string, std::string>> all;
  for (const Flag& flag : flags_) all.emplace_back(flag.name, flag.binding.get());
  return all;
}

std::vector<std::string> Flags::names() const {
  std::vector<std::string> all;
  for (const Flag& flag : flags_) all.push_back(flag.name);
  return all;
}

}  // namespace fude
