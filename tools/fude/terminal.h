// What the command says, and where: text and data on standard output, all talk on standard error.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/numbers.h"

namespace fude {

// The reader of standard output has gone away: the command ends with exit code 0, saying nothing.
struct BrokenPipe {};

// Before anything is opened: a standard stream that is closed would be the first file, and take what is said.
// Reading and writing it stays an error.
void hold_closed_streams();

// Writes to standard output at once. BrokenPipe, or IoError when it cannot be written.
void put(std::string_view text);

// Writes a line to standard error, without_controls() as it may name files; what goes wrong there is nobody's business.
// Takes a progress line away first.
void say(std::string_view line);
// The same in a weaker colour, where there are colours.
void say_aside(std::string_view line);
// On a terminal: shows `line` in place of the progress line shown before. Elsewhere: nothing.
void show_progress(std::string_view line);
void clear_progress();

bool stdin_is_terminal();
bool stderr_is_terminal();
// A terminal that takes colour, and NO_COLOR is not set.
bool stderr_has_colour();
bool stdout_has_colour();
// Columns; 80 when it is not known.
int terminal_width();

// "45s", "3m20s", "2h05m"
std::string short_duration(double seconds);
// As a shell takes it for one word.
std::string shell_word(const std::string& text);
// Control characters, newline and tab apart, as \xNN: what comes from a file must not steer the terminal.
std::string without_controls(std::string_view text);
// Padded with spaces to `columns` of a terminal, on the left or the right.
std::string pad_left(std::string_view text, int columns);
std::string pad_right(std::string_view text, int columns);

}  // namespace fude
