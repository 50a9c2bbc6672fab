// What a line typed in the REPL does: text goes on with the story, /commands do the rest.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "flags.h"
#include "story.h"
#include "writing_flags.h"

namespace fude {

class ReplCommands {
 public:
  // All must outlive the object. `settings` holds the flags that /set may change, bound to `writing`. With `echo` the
  // text typed is part of the output. `files` are those in use, which no command writes to.
  ReplCommands(const LanguageModel& model, WritingFlags& writing, Flags& settings, bool echo,
               std::vector<std::string> files);

  // False: the line says to leave. Throws what the line did wrong.
  bool handle(const std::string& line);
  // Whether the story has text that no /save or /write has put into a file.
  bool is_unsaved() const { return !story_.text().empty() && story_.text() != saved_; }
  // Writes the story as it is to a session file.
  void keep_as(const std::filesystem::path& file) const;
  // Whole lines that the one typed so far may become: commands, settings, paths.
  std::vector<std::string> complete(std::string_view typed) const;

 private:
  struct Entry;
  static const std::vector<Entry>& entries();
  const Entry& find(const std::string& name) const;

  void go_on(const std::string& typed);
  void retry(const std::string& argument);
  void help(const std::string& argument);
  void set(const std::string& argument);
  void show(const std::string& argument);
  void text(const std::string& argument);
  void probs(const std::string& argument);
  void undo(const std::string& argument);
  void clear(const std::string& argument);
  void read(const std::string& path);
  void write(const std::string& path);
  void save(const std::string& path);
  void load(const std::string& path);
  void seed(const std::string& argument);

  // True: writing goes on.
  bool print(std::string_view text);
  // Whoever begins another story may not have meant to lose the one before.
  void tell_left(bool unsaved) const;
  void finish_output(const Generation& generation);

  const LanguageModel* model_;
  WritingFlags* writing_;
  Flags* settings_;
  Story story_;
  bool echo_;
  std::vector<std::string> files_;
  bool at_line_start_ = true;
  std::string saved_;  // the story when it was put into a file last
};

}  // namespace fude
