// The template that makes a document out of a record: "{title}\n\n{body}".
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fude {

class RecordTemplate {
 public:
  // Text as it is, and then a field.
  struct Part {
    std::string before;
    std::string field;
  };

  // Empty: no parts. ConfigError for single braces, {} and a template without a field.
  explicit RecordTemplate(std::string_view text);

  bool empty() const { return parts_.empty(); }
  const std::vector<Part>& parts() const { return parts_; }
  // Text after the last field.
  const std::string& after() const { return after_; }

 private:
  std::vector<Part> parts_;
  std::string after_;
};

// Of a record's fields that which is called what a text is often called, else the last one.
std::string likely_field(const std::vector<std::string>& fields);

// DataError: the template asks for a field that the record at `where` lacks.
[[noreturn]] void throw_missing_field(const std::string& where, const std::string& field,
                                      const std::vector<std::string>& fields);
// DataError: several fields and no template.
[[noreturn]] void throw_no_template(const std::string& where, const std::vector<std::string>& fields);

}  // namespace fude
