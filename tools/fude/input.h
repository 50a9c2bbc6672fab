// Texts that a person names on the command line and that are no corpus: prompts, and files of them.
#pragma once

#include <string>
#include <vector>

namespace fude {

// A file's text, or standard input's ("-"), without a byte order mark. DataError when it is not valid UTF-8.
std::string read_text(const std::string& input);

// All of the files' text, or standard input's when none is named and that is no terminal. UsageError when it is one.
std::string read_texts(const std::vector<std::string>& inputs);

// Whether bytes come on standard input, for which it waits. False for a terminal and for /dev/null.
bool stdin_has_bytes();

// UsageError when `output` is one of the files that are read: writing would lose it.
void require_unread(const std::string& output, const std::vector<std::string>& read);

// The same, and DataError when it is a model, a run's state or record, tokens or a session, in whose place another
// file would lose it.
void require_nothing_lost(const std::string& output, const std::vector<std::string>& read);
// The same for text, in whose place there may be other text: no tokenizer, configuration or anything but UTF-8.
void require_text_or_nothing(const std::string& output, const std::vector<std::string>& read);
// The same for a session, in whose place there may be another.
void require_session_or_nothing(const std::string& output, const std::vector<std::string>& read);

// As messages call it: the file, or "standard input".
std::string shown_input(const std::string& input);

}  // namespace fude
