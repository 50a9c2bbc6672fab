#include "text/jis_x_0213.h"

#include <iconv.h>

#include <array>
#include <cstdint>

namespace fude {
namespace {

// ICU has no converter for the standard; the C library's iconv has.
class Converter {
 public:
  Converter() : handle_(iconv_open("UTF-8", "EUC-JISX0213")) {}
  ~Converter() {
    if (is_open()) iconv_close(handle_);
  }
  Converter(const Converter&) = delete;
  Converter& operator=(const Converter&) = delete;

  bool is_open() const { return reinterpret_cast<std::intptr_t>(handle_) != -1; }

  std::string convert(std::string bytes) {
    constexpr auto kFailed = static_cast<size_t>(-1);
    std::array<char, 32> buffer{};
    char* in = bytes.data();
    char* out = buffer.data();
    size_t in_left = bytes.size();
    size_t out_left = buffer.size();
    iconv(handle_, nullptr, nullptr, nullptr, nullptr);
    if (iconv(handle_, &in, &in_left, &out, &out_left) == kFailed) return {};
    // Writes what was held back to be joined with a mark that did not come.
    if (iconv(handle_, nullptr, nullptr, &out, &out_left) == kFailed) return {};
    return std::string(buffer.data(), out);
  }

 private:
  iconv_t handle_;
};

}  // namespace

std::string jis_x_0213_character(int plane, int row, int cell) {
  const auto in_range = [](int number) { return number >= 1 && number <= 94; };
  if ((plane != 1 && plane != 2) || !in_range(row) || !in_range(cell)) return {};
  thread_local Converter converter;
  if (!converter.is_open()) return {};
  std::string bytes = plane == 2 ? "\x8F" : "";
  bytes += static_cast<char>(0xA0 + row);
  bytes += static_cast<char>(0xA0 + cell);
  return converter.convert(bytes);
}

}  // namespace fude
