// Where prepared documents go: standard output, a file, or a file for each part.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "fude/data/document_sink.h"
#include "fude/data/statistics.h"

namespace fude {

// The files that `parts` parts go to, or the one when it is 0; none for standard output.
std::vector<std::string> output_names(const std::string& output, size_t parts);

class PrepOutput {
 public:
  static constexpr size_t kMostParts = 3;  // train, valid, test

  // `parts` files, or one when it is 0. Each document ends with a newline before the next one, and `separator` stands
  // between two. IoError when a file cannot be written. `statistics`, which may be nullptr, is told every document.
  PrepOutput(const std::string& output, size_t parts, const std::string& separator, StatisticsCounter* statistics);
  ~PrepOutput();

  std::span<DocumentSink* const> parts() const { return sinks_; }
  // The files' names; empty for standard output.
  const std::vector<std::string>& names() const { return names_; }
  // Documents that hold themselves what divides them: the separator, or without one a line end before their last.
  int64_t ambiguous_documents() const;
  // Puts the files into place. Without it nothing of them stays.
  void commit();

 private:
  class Part;
  std::vector<std::unique_ptr<Part>> parts_;
  std::vector<DocumentSink*> sinks_;
  std::vector<std::string> names_;
};

}  // namespace fude
