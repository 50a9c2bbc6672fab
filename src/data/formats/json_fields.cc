#include "data/formats/json_fields.h"

#include <utility>

namespace fude {

std::optional<std::string> as_text(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_null()) return std::string();
  if (value.is_object()) return std::nullopt;
  if (!value.is_array()) return to_text(value);
  std::string joined;
  for (const Json& element : value) {
    if (element.is_structured()) return std::nullopt;
    joined += (&element == &value.front() ? "" : ", ") + *as_text(element);
  }
  return joined;
}

const Json* first_object(const Json& value) {
  if (value.is_object()) return &value;
  if (!value.is_array()) return nullptr;
  for (const Json& element : value)
    if (const Json* const object = first_object(element)) return object;
  return nullptr;
}

std::vector<std::string> fields_of(const Json& record, const std::string& prefix) {
  std::vector<std::string> fields;
  for (const auto& [name, value] : record.items()) {
    const std::string path = prefix + name;
    const Json* const object = first_object(value);
    if (object == nullptr)
      fields.push_back(path);
    else if (prefix.empty())
      for (std::string& inner : fields_of(*object, path + ".")) fields.push_back(std::move(inner));
    else
      fields.push_back(path + ".*");
  }
  return fields;
}

bool find_values(const Json& value, const std::string& path, std::vector<const Json*>& found) {
  bool any = false;
  if (value.is_array())
    for (const Json& element : value) any = find_values(element, path, found) || any;
  if (!value.is_object()) return any;
  if (const auto whole = value.find(path); whole != value.end()) {
    found.push_back(&*whole);
    return true;
  }
  for (size_t dot = path.find('.'); dot != std::string::npos; dot = path.find('.', dot + 1)) {
    const auto outer = value.find(path.substr(0, dot));
    if (outer != value.end() && find_values(*outer, path.substr(dot + 1), found)) return true;
  }
  return false;
}

FieldInList find_list(const Json& record, const std::string& path) {
  if (!record.is_object() || record.contains(path)) return {};
  FieldInList likely;  // though no element has the field
  for (size_t dot = path.find('.'); dot != std::string::npos; dot = path.find('.', dot + 1)) {
    const auto outer = record.find(path.substr(0, dot));
    if (outer == record.end()) continue;
    std::string rest = path.substr(dot + 1);
    std::vector<const Json*> found;
    const bool has_field = find_values(*outer, rest, found);
    const bool is_list = outer->is_array() && (outer->empty() || first_object(*outer) != nullptr);
    FieldInList field = is_list ? FieldInList{&*outer, std::move(rest)} : find_list(*outer, rest);
    if (has_field) return field;
    if (likely.list == nullptr) likely = std::move(field);
  }
  return likely;
}

}  // namespace fude
