// The flags of a sub-command as one table, from which come parsing, help, environment and configuration file.
//
//   int layers = 2;
//   Flags flags("train", "CORPUS...", "Learns a language model from your text.");
//   flags.section("Network");
//   flags.add("num-layers", {"nlayers"}, "N", bind(layers), "recurrent layers, 1 to 8");
//   if (!flags.read(arguments)) return 0;  // --help was asked for and shown
//   flags.apply();
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "binding.h"

namespace fude {

// Where a value came from; the later, the stronger. What is in none of them is a preset's value or the default.
enum class Source { kNone, kConfig, kEnvironment, kFlag };

class Flags {
 public:
  // `positionals` as help shows them; empty: the command takes none.
  Flags(std::string command, std::string positionals, std::string summary);

  // Help groups the flags that follow under this title.
  void section(std::string title) { section_ = std::move(title); }
  // `aliases` of one letter are short flags. `value` is what stands for the value in help, empty for a switch. `help`
  // tells the unit and the value that means "off".
  void add(std::string name, std::vector<std::string> aliases, std::string value, Binding binding, std::string help);
  // What help says in place of the value bound to the flag added last.
  void default_text(std::string text) { flags_.back().default_text = std::move(text); }
  // No FUDE_* variable sets the flag added last: under its name it means something else for other commands.
  void not_from_environment() { flags_.back().takes_environment = false; }
  // A line at the end of help.
  void example(std::string line) { examples_.push_back(std::move(line)); }

  // Gathers what the arguments, FUDE_* variables and --config give. False: help was asked for and has been shown.
  bool read(const std::vector<std::string>& arguments);
  // Sets the bound values, the weakest source first, and says on standard error what came neither from the arguments
  // nor from a default. Values bound to something else than when their flag was added came from --preset.
  void apply();

  // What variables give to other flags than these is as if it were not there: they are set for every command.
  void ignore_environment(std::span<const char* const> except);

  const std::vector<std::string>& positionals() const { return positionals_; }
  // The last value that any source gives to the flag, applied or not.
  std::optional<std::string> given(std::string_view name) const;
  bool is_given(std::string_view name) const { return given(name).has_value(); }
  // Whether it stands among the arguments themselves.
  bool is_argument(std::string_view name) const;
  // The names of flags that some source gives, each with where: "--lr", "FUDE_LR", "my.json: lr".
  std::vector<std::pair<std::string, std::string>> all_given() const;

  // Sets one flag now, as the REPL does; UsageError for an unknown name.
  void set(const std::string& name, const std::string& value);
  // Name and value of each flag, as bound now.
  std::vector<std::pair<std::string, std::string>> values() const;
  std::vector<std::string> names() const;

 private:
  struct Flag {
    std::string name;
    std::vector<std::string> aliases;
    std::string value;
    Binding binding;
    std::string help;
    std::string section;
    std::string first_value;   // bound when the flag was added
    std::string default_text;  // the same unless help is to say something else
    bool takes_environment = true;
    Source source = Source::kNone;
    std::string where = {};
    std::vector<std::string> given = {};
  };

  Flag* find(std::string_view name);
  const Flag* find(std::string_view name) const;
  Flag& require(std::string_view name, const std::string& shown);
  // Each flag in its one long form, switches as --name=true, so that cxxopts sees neither aliases nor near misses.
  std::vector<std::string> normalize(const std::vector<std::string>& arguments);
  void read_arguments(const std::vector<std::string>& arguments);
  void read_environment();
  void read_config();
  void report() const;
  std::string help() const;
  static std::string left_column(const Flag& flag);

  std::string command_;
  std::string positional_help_;
  std::string summary_;
  std::string section_;
  std::vector<Flag> flags_;
  std::vector<std::string> examples_;
  std::vector<std::string> positionals_;
  std::string config_;
  bool help_ = false;
};

}  // namespace fude
