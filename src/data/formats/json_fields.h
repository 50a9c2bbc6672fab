// Fields of a JSON record, named by paths: {a.b} is field b of the object in field a, or of each object in a list
// there. A field whose very name is "a.b" comes first.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/json.h"

namespace fude {

// A string, number (which comes as a string) or truth as text, null as nothing, a list of these joined by ", "; nullopt
// for anything else.
std::optional<std::string> as_text(const Json& value);

// The first object in a list of them, or in lists of lists; the value itself when it is one. Null: there is none.
const Json* first_object(const Json& value);

// The paths of all fields down to the second level; deeper ones stand together as "a.b.*".
std::vector<std::string> fields_of(const Json& record, const std::string& prefix = {});

// Adds the value at `path` to `found`; where a list of objects is on the way, that of each which has it. Whether there
// was any.
bool find_values(const Json& value, const std::string& path, std::vector<const Json*>& found);

// The first list of objects on the way to a field, whether or not any of them has it, and the path inside them. Null:
// there is none.
struct FieldInList {
  const Json* list = nullptr;
  std::string path;
};
FieldInList find_list(const Json& record, const std::string& path);

}  // namespace fude
