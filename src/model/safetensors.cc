#include "model/safetensors.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <limits>
#include <type_traits>

#include "base/json.h"
#include "fude/base/error.h"

namespace fude {
namespace {

static_assert(std::endian::native == std::endian::little, "tensors are written as they lie in memory");

struct DtypeInfo {
  Dtype dtype;
  std::string_view name;
  size_t size;
};
constexpr std::array<DtypeInfo, 7> kDtypes = {{{Dtype::kF64, "F64", 8},
                                               {Dtype::kF32, "F32", 4},
                                               {Dtype::kF16, "F16", 2},
                                               {Dtype::kBF16, "BF16", 2},
                                               {Dtype::kI64, "I64", 8},
                                               {Dtype::kI32, "I32", 4},
                                               {Dtype::kU8, "U8", 1}}};
constexpr size_t kMaxHeader = size_t{100} << 20;  // the format's own limit is 100 MB

const DtypeInfo& info(Dtype dtype) { return kDtypes[static_cast<size_t>(dtype)]; }

float half_to_float(uint16_t half) {
  const uint32_t sign = static_cast<uint32_t>(half & 0x8000) << 16;
  const uint32_t exponent = half >> 10 & 0x1F, mantissa = half & 0x3FF;
  if (exponent == 0) {
    const float value = static_cast<float>(mantissa) * 0x1.0p-24f;
    return sign != 0 ? -value : value;
  }
  const uint32_t bits = exponent == 31 ? 0x7F800000 | mantissa << 13 : (exponent + 112) << 23 | mantissa << 13;
  return std::bit_cast<float>(sign | bits);
}

template <class From, class T, class Convert>
std::vector<T> convert_values(std::span<const std::byte> bytes, Convert convert) {
  std::vector<T> values(bytes.size() / sizeof(From));
  for (size_t k = 0; k < values.size(); ++k) {
    From raw;
    std::memcpy(&raw, bytes.data() + k * sizeof(From), sizeof(From));
    values[k] = static_cast<T>(convert(raw));
  }
  return values;
}

// The product of the extents times the element size; false when it overflows or an extent is negative.
bool byte_count(const std::vector<int64_t>& shape, size_t element, size_t& total) {
  total = element;
  for (const int64_t extent : shape) {
    if (extent < 0) return false;
    if (extent != 0 && total > std::numeric_limits<size_t>::max() / static_cast<uint64_t>(extent)) return false;
    total *= static_cast<size_t>(extent);
  }
  return true;
}

}  // namespace

size_t dtype_size(Dtype dtype) { return info(dtype).size; }
std::string_view to_string(Dtype dtype) { return info(dtype).name; }

size_t TensorView::size() const { return bytes.size() / dtype_size(dtype); }

template <class T>
std::vector<T> TensorView::values(const std::string& where) const {
  switch (dtype) {
    case Dtype::kF64:
      return convert_values<double, T>(bytes, [](double v) { return v; });
    case Dtype::kF32:
      return convert_values<float, T>(bytes, [](float v) { return v; });
    case Dtype::kF16:
      return convert_values<uint16_t, T>(bytes, half_to_float);
    case Dtype::kBF16:
      return convert_values<uint16_t, T>(bytes, [](uint16_t v) { return std::bit_cast<float>(uint32_t{v} << 16); });
    default:
      throw FormatError(where + " has type " + std::string(to_string(dtype)) + ", expected a floating type");
  }
}

template std::vector<float> TensorView::values(const std::string&) const;
template std::vector<double> TensorView::values(const std::string&) const;

SafetensorsFile::SafetensorsFile(const std::filesystem::path& path) : where_(path.string()) {
  mapping_.emplace_back(path);
  parse(mapping_.front().bytes());
}

SafetensorsFile::SafetensorsFile(std::span<const std::byte> bytes, const std::string& where) : where_(where) {
  parse(bytes);
}

void SafetensorsFile::parse(std::span<const std::byte> bytes) {
  const auto fail = [&](const std::string& what) -> FormatError {
    return FormatError(where_ + ": " + what, "the file is damaged or is not a safetensors model file");
  };
  uint64_t header_size = 0;
  if (bytes.size() < sizeof header_size)
    throw fail("not a model file: " + std::to_string(bytes.size()) + " bytes, a header needs at least 8");
  std::memcpy(&header_size, bytes.data(), sizeof header_size);
  if (header_size > kMaxHeader || header_size > bytes.size() - sizeof header_size)
    throw fail("not a model file or truncated: the header would take " + std::to_string(header_size) + " of " +
               std::to_string(bytes.size()) + " bytes");
  const auto header_text =
      std::string_view(reinterpret_cast<const char*>(bytes.data()) + sizeof header_size, header_size);
  const Json header = parse_json(header_text, where_ + ": header");
  if (!header.is_object()) throw fail("the header is not a JSON object");
  const auto data = bytes.subspan(sizeof header_size + header_size);

  std::vector<std::pair<uint64_t, uint64_t>> ranges;
  for (const auto& [name, entry] : header.items()) {
    if (name == "__metadata__") {
      if (!entry.is_object()) throw fail("__metadata__ is not a JSON object");
      for (const auto& [key, value] : entry.items()) {
        if (!value.is_string()) throw fail("metadata \"" + key + "\" is not a string");
        metadata_[key] = value.get<std::string>();
      }
      continue;
    }
    const std::string place = where_ + ": tensor \"" + name + "\"";
    const auto type_name = require<std::string>(entry, "dtype", place);
    const auto type = std::find_if(kDtypes.begin(), kDtypes.end(), [&](const auto& d) { return d.name == type_name; });
    if (type == kDtypes.end()) throw fail("tensor \"" + name + "\" has unknown type \"" + type_name + "\"");
    const auto shape = require<std::vector<int64_t>>(entry, "shape", place);
    const auto offsets = require<std::vector<int64_t>>(entry, "data_offsets", place);
    if (offsets.size() != 2 || offsets[0] < 0 || offsets[1] < offsets[0])
      throw fail("tensor \"" + name + "\" has bad offsets");
    const auto begin = static_cast<uint64_t>(offsets[0]), end = static_cast<uint64_t>(offsets[1]);
    if (end > data.size())
      throw fail("truncated: tensor \"" + name + "\" ends at byte " + std::to_string(end) + " of the data, there are " +
                 std::to_string(data.size()));
    size_t expected = 0;
    if (!byte_count(shape, type->size, expected) || expected != end - begin)
      throw fail("tensor \"" + name + "\" takes " + std::to_string(end - begin) + " bytes, its shape says otherwise");
    if (end > begin) ranges.emplace_back(begin, end);
    tensors_[name] = {type->dtype, shape, data.subspan(begin, end - begin)};
  }
  std::sort(ranges.begin(), ranges.end());
  for (size_t k = 1; k < ranges.size(); ++k)
    if (ranges[k].first < ranges[k - 1].second) throw fail("tensors overlap");
  const uint64_t used = ranges.empty() ? 0 : ranges.back().second;
  if (used != data.size())
    throw fail("there are " + std::to_string(data.size() - used) + " bytes behind the last tensor");
}

const TensorView* SafetensorsFile::find(const std::string& name) const {
  const auto found = tensors_.find(name);
  return found == tensors_.end() ? nullptr : &found->second;
}

const TensorView& SafetensorsFile::at(const std::string& name) const {
  const TensorView* const tensor = find(name);
  if (tensor == nullptr) throw FormatError(where_ + ": tensor \"" + name + "\" is missing");
  return *tensor;
}

template <class T>
NamedTensor named_tensor(std::string name, std::vector<int64_t> shape, std::span<const T> values) {
  constexpr Dtype dtype = std::is_same_v<T, double>    ? Dtype::kF64
                          : std::is_same_v<T, float>   ? Dtype::kF32
                          : std::is_same_v<T, int64_t> ? Dtype::kI64
                          : std::is_same_v<T, int32_t> ? Dtype::kI32
                                                       : Dtype::kU8;
  return {std::move(name), {dtype, std::move(shape), std::as_bytes(values)}};
}

template NamedTensor named_tensor(std::string, std::vector<int64_t>, std::span<const float>);
template NamedTensor named_tensor(std::string, std::vector<int64_t>, std::span<const double>);
template NamedTensor named_tensor(std::string, std::vector<int64_t>, std::span<const int64_t>);
template NamedTensor named_tensor(std::string, std::vector<int64_t>, std::span<const int32_t>);
template NamedTensor named_tensor(std::string, std::vector<int64_t>, std::span<const uint8_t>);

void write_safetensors(AtomicFile& file, const std::map<std::string, std::string>& metadata,
                       const std::vector<NamedTensor>& tensors) {
  constexpr size_t kAlignment = 8;
  Json header = Json::object();
  if (!metadata.empty()) header["__metadata__"] = metadata;
  // Wide elements first keeps every tensor aligned without gaps, which the format forbids.
  std::vector<const NamedTensor*> ordered;
  for (const NamedTensor& tensor : tensors) ordered.push_back(&tensor);
  std::stable_sort(ordered.begin(), ordered.end(), [](const auto* a, const auto* b) {
    return dtype_size(a->tensor.dtype) > dtype_size(b->tensor.dtype);
  });
  size_t offset = 0;
  for (const NamedTensor* const named : ordered) {
    const size_t end = offset + named->tensor.bytes.size();
    header[named->name] = {
        {"dtype", to_string(named->tensor.dtype)}, {"shape", named->tensor.shape}, {"data_offsets", {offset, end}}};
    offset = end;
  }
  std::string text = to_text(header);
  text.resize((text.size() + kAlignment - 1) / kAlignment * kAlignment, ' ');

  file.write(bytes_of(static_cast<uint64_t>(text.size())));
  file.write(text);
  for (const NamedTensor* const named : ordered) file.write(named->tensor.bytes);
}

}  // namespace fude
