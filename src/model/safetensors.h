// The safetensors file format: u64 header length, JSON header, raw little-endian tensors
// (huggingface.co/docs/safetensors).
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.h"

namespace fude {

// Element types that Fude reads. Bytes a value: dtype_size().
enum class Dtype { kF64, kF32, kF16, kBF16, kI64, kI32, kU8 };
size_t dtype_size(Dtype dtype);
std::string_view to_string(Dtype dtype);  // "F32" ...

struct TensorView {
  Dtype dtype = Dtype::kF32;
  std::vector<int64_t> shape;
  std::span<const std::byte> bytes;

  size_t size() const;  // number of elements
  // The values converted to T (float or double) from any floating type; FormatError that begins with `where`
  // for an integer type.
  template <class T>
  std::vector<T> values(const std::string& where) const;
};

// A file, mapped. Total: any bytes give a file or a FormatError that names what is wrong: truncated, bad header,
// offsets out of range or overlapping, size that does not fit the shape, unknown type.
class SafetensorsFile {
 public:
  explicit SafetensorsFile(const std::filesystem::path& path);
  // The same from memory; `where` names it in errors. `bytes` must outlive the object.
  SafetensorsFile(std::span<const std::byte> bytes, const std::string& where);

  const std::map<std::string, std::string>& metadata() const { return metadata_; }
  const std::map<std::string, TensorView>& tensors() const { return tensors_; }
  // nullptr when there is none of that name.
  const TensorView* find(const std::string& name) const;
  // FormatError when there is none of that name.
  const TensorView& at(const std::string& name) const;
  const std::string& where() const { return where_; }

 private:
  void parse(std::span<const std::byte> bytes);

  std::string where_;
  std::vector<MappedFile> mapping_;  // none or one
  std::map<std::string, std::string> metadata_;
  std::map<std::string, TensorView> tensors_;
};

// A tensor to be written, under its name.
struct NamedTensor {
  std::string name;
  TensorView tensor;
};
template <class T>
NamedTensor named_tensor(std::string name, std::vector<int64_t> shape, std::span<const T> values);

// Writes all of the file, which the caller commits; tensors in the order given, wide elements before narrow ones so
// that each is aligned.
void write_safetensors(AtomicFile& file, const std::map<std::string, std::string>& metadata,
                       const std::vector<NamedTensor>& tensors);

}  // namespace fude
