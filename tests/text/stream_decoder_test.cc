#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "fude/text/unicode.h"
#include "text/tokenizers.h"

namespace fude {
namespace {

// Every byte of a text is a token here, so every split of a character happens.
class StreamOfBytes : public testing::Test {
 protected:
  std::vector<std::string> push_all(std::string_view bytes) {
    std::vector<std::string> parts;
    for (const char byte : bytes) parts.push_back(decoder_.push(1 + static_cast<unsigned char>(byte)));
    parts.push_back(decoder_.finish());
    return parts;
  }

  const std::unique_ptr<Tokenizer> tokenizer_ = learn("byte");
  StreamDecoder decoder_{*tokenizer_};
};

using Parts = std::vector<std::string>;

TEST_F(StreamOfBytes, Characters_ComeWithTheirLastByte) {
  EXPECT_EQ(push_all("aé筆😀"), (Parts{"a", "", "é", "", "", "筆", "", "", "", "😀", ""}));
}

TEST_F(StreamOfBytes, BrokenSequences_BecomeReplacementCharacters) {
  EXPECT_EQ(push_all("\xFF"), (Parts{"\uFFFD", ""}));
  EXPECT_EQ(push_all("\xE3"
                     "a"),
            (Parts{"", "\uFFFDa", ""}));
  EXPECT_EQ(push_all("\xE3\x81"), (Parts{"", "", "\uFFFD"}));
  EXPECT_EQ(push_all("\xE3\xE3\x81\x82"), (Parts{"", "\uFFFD", "", "あ", ""}));
}

TEST_F(StreamOfBytes, Finish_BeginsAnew) {
  push_all("\xE3");
  EXPECT_EQ(push_all("ok"), (Parts{"o", "k", ""}));
}

TEST(StreamDecoder, HalfBytes_CharactersComeWithTheirLastHalf) {
  const auto tokenizer = learn("char", "a");
  StreamDecoder decoder(*tokenizer);
  std::vector<std::string> parts;
  for (const TokenId id : tokenizer->encode("é")) parts.push_back(decoder.push(id));
  EXPECT_EQ(parts, (Parts{"", "", "", "é"}));
  EXPECT_EQ(decoder.push(tokenizer->encode("é")[0]), "");
  EXPECT_EQ(decoder.finish(), "\uFFFD");
  EXPECT_EQ(decoder.push(tokenizer->encode("a")[0]), "a");
}

TEST(StreamDecoder, Whitespace_SpacesBetweenWordsOfALine) {
  const auto tokenizer = learn("whitespace", "a b");
  StreamDecoder decoder(*tokenizer);
  std::string text;
  for (const TokenId id : tokenizer->encode("a b\nb")) text += decoder.push(id);
  EXPECT_EQ(text + decoder.finish(), "a b\nb\n");
  EXPECT_EQ(decoder.push(tokenizer->encode("b")[0]), "b");
}

}  // namespace
}  // namespace fude
