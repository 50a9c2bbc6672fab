// Decoding gives back what was encoded, for texts that nobody thought of. FUDE_PROPERTY_CASES=1000000 runs a million.
#include <gtest/gtest.h>

#include <charconv>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "fude/base/random.h"
#include "fude/text/unicode.h"
#include "text/letter_case.h"
#include "text/tokenizers.h"
#include "text/unicode_data.h"

namespace fude {
namespace {

constexpr uint64_t kCases = 100'000;

// A case is one text with one kind of tokenizer in one normalization.
uint64_t cases_per_kind() {
  const char* const wanted = std::getenv("FUDE_PROPERTY_CASES");
  uint64_t cases = kCases;
  if (wanted != nullptr) {
    const char* const end = wanted + std::strlen(wanted);
    const auto [stopped, error] = std::from_chars(wanted, end, cases);
    if (error != std::errc{} || stopped != end || cases == 0) {
      ADD_FAILURE() << "FUDE_PROPERTY_CASES must be a number above 0, got " << wanted;
      cases = 1;
    }
  }
  return (cases + kLosslessKinds.size() - 1) / kLosslessKinds.size();
}

const std::vector<std::string>& emoji() {
  static const std::vector<std::string> sequences = emoji_sequences();
  return sequences;
}

char32_t random_code_point(Random& random) {
  const auto code_point = static_cast<char32_t>(random.below(0x10F800));
  return code_point < 0xD800 ? code_point : code_point + 0x800;  // no surrogates
}

// One of the characters of `text`.
std::string any_character(std::string_view text, Random& random) {
  size_t offset = code_point_offset(text, random.below(count_code_points(text)));
  std::string character;
  append_utf8(character, next_code_point(text, offset));
  return character;
}

std::string any_word(Random& random) {
  static const std::vector<std::string> kWords = {"the", "brush",  "Ink", "page", "筆は",
                                                  "墨",  "Straße", "ǆep", "İsa",  "οδός"};
  const std::string& word = kWords[random.below(kWords.size())];
  switch (random.below(4)) {
    case 0:
      return word;
    case 1:
      return capitalized(word);
    case 2:
      return upper_case(word);
    default:
      return lower_case(word);
  }
}

// Parts of what people write, and any other characters, in no order.
std::string random_part(Random& random) {
  static const std::vector<std::string> kAwkward = {
      " ",      "  ",     "\n",     "\r\n", "\r", "\t", "\u2581", std::string(1, 0), "\u0301", "\u200D", "\uFE0F",
      "\u0323", "\u0345", "\uFFFD", "'",    ".",  ":",  "_",      "\u00A0",          "<eos>",  "\uFEFF"};
  std::string part;
  switch (random.below(8)) {
    case 0:
      return kAwkward[random.below(kAwkward.size())];
    case 1:
      return emoji()[random.below(emoji().size())];
    case 2:
      append_utf8(part, static_cast<char32_t>(random.below(0x3200)));
      return part;
    case 3:
      append_utf8(part, random_code_point(random));
      return part;
    case 4:
      return any_character(kTrainingText, random);
    case 5:
      return (random.below(2) == 0 ? " " : "") + any_word(random);
    case 6:  // Hangul in letters, which compose
      append_utf8(part, static_cast<char32_t>(0x1100 + random.below(19)));
      append_utf8(part, static_cast<char32_t>(0x1161 + random.below(21)));
      if (random.below(2) == 0) append_utf8(part, static_cast<char32_t>(0x11A8 + random.below(27)));
      return part;
    default:  // a letter and a mark
      part = any_character("aeiouAEIOUかはカハअआ", random);
      append_utf8(part, static_cast<char32_t>(random.below(4) == 0 ? 0x3099 : 0x300 + random.below(0x70)));
      return part;
  }
}

std::string random_text(Random& random) {
  std::string text;
  for (uint64_t n = random.below(24); n > 0; --n) text += random_part(random);
  return text;
}

std::string training_text() {
  Random random(2);
  std::string text(kTrainingText);
  for (int i = 0; i < 300; ++i) text += random_text(random) + "\n";
  return text;
}

class RandomText : public testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(Kinds, RandomText, testing::ValuesIn(kLosslessKinds), test_name);

TEST_P(RandomText, EncodedAndDecoded_IsItsNormalization) {
  const std::vector<std::string> forms = {"nfc", "nfkc", "none"};
  std::vector<std::unique_ptr<Tokenizer>> tokenizers;
  for (const std::string& form : forms) tokenizers.push_back(learn(GetParam(), training_text(), 0, form));
  Random random(7);
  for (uint64_t n = cases_per_kind(); n > 0; --n) {
    const std::string text = random_text(random);
    ASSERT_EQ(find_invalid_utf8(text), kValidUtf8);
    const size_t form = n % forms.size();
    const Tokenizer& tokenizer = *tokenizers[form];
    const std::vector<TokenId> ids = tokenizer.encode(text);
    ASSERT_EQ(tokenizer.decode(ids), normalize(text, parse_normalization(forms[form]))) << forms[form] << ": " << text;
    for (const TokenId id : ids) ASSERT_TRUE(id > 0 && id < tokenizer.vocab_size()) << text;
  }
}

TEST_P(RandomText, EveryEmojiSequence_ComesBack) {
  const auto tokenizer = learn(GetParam(), training_text());
  std::string all;
  for (const std::string& sequence : emoji()) {
    ASSERT_EQ(tokenizer->decode(tokenizer->encode(sequence)), sequence);
    all += sequence;
  }
  EXPECT_EQ(tokenizer->decode(tokenizer->encode(all)), all);
}

}  // namespace
}  // namespace fude
