// Safetensors files as bytes, whole whatever their metadata and tensors say.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/json.h"
#include "fuzz/fuzz.h"
#include "nn/parameters.h"

namespace fude {

inline std::string with_length(std::string_view header, std::string_view data) {
  const uint64_t size = header.size();
  std::string bytes(reinterpret_cast<const char*>(&size), sizeof size);
  return bytes.append(header).append(data);
}

struct FuzzTensor {
  std::string name;
  std::vector<int64_t> shape;
  const char* dtype;
  std::string bytes;
};

inline std::string safetensors_bytes(const std::map<std::string, std::string>& metadata,
                                     const std::vector<FuzzTensor>& tensors) {
  Json header = Json::object();
  header["__metadata__"] = metadata;
  std::string data;
  for (const FuzzTensor& tensor : tensors) {
    const size_t begin = data.size();
    data += tensor.bytes;
    header[tensor.name] = {{"dtype", tensor.dtype}, {"shape", tensor.shape}, {"data_offsets", {begin, data.size()}}};
  }
  return with_length(to_text(header), data);
}

// `count` times four bytes of `pattern`, over and over.
inline std::string floats_from(std::string_view pattern, size_t count) {
  std::string bytes(count * sizeof(float), '\0');
  for (size_t i = 0; i < bytes.size() && !pattern.empty(); ++i) bytes[i] = pattern[i % pattern.size()];
  return bytes;
}

}  // namespace fude
