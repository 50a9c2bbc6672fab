// The sub-commands: each takes what follows its name and returns the exit code.
#pragma once

#include <string>
#include <vector>

namespace fude {

int prep_command(const std::vector<std::string>& arguments);
int tokenizer_command(const std::vector<std::string>& arguments);
int train_command(const std::vector<std::string>& arguments);
int generate_command(const std::vector<std::string>& arguments);
int repl_command(const std::vector<std::string>& arguments);
int batch_command(const std::vector<std::string>& arguments);
int eval_command(const std::vector<std::string>& arguments);
int score_command(const std::vector<std::string>& arguments);
int inspect_command(const std::vector<std::string>& arguments);
int bench_command(const std::vector<std::string>& arguments);

}  // namespace fude
