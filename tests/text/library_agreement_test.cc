// What goes out as a SentencePiece model, and what comes in as one, is cut by us as the library cuts it (and so
// `spm_encode`): token by token.
#include <gtest/gtest.h>
#include <sentencepiece_processor.h>

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "fude/base/random.h"
#include "fude/text/unicode.h"
#include "text/tokenizers.h"
#include "text/unicode_data.h"

namespace fude {
namespace {

std::string golden_model(const std::string& name) {
  std::ifstream in(std::string(FUDE_GOLDEN_DIR) + "/sentencepiece/" + name, std::ios::binary);
  return (std::stringstream() << in.rdbuf()).str();
}

// Lines, as spm_encode takes them.
std::vector<std::string> lines() {
  std::vector<std::string> all = {"",
                                  " ",
                                  "The brush drinks ink.",
                                  "  the  ink   waits ",
                                  "\ttab\t",
                                  "ﬁ … Ａ",
                                  "筆は墨を飲む。",
                                  "e\u0301 and é",
                                  "UPPER lower",
                                  "<s> </s> <unk> <0x41>"};
  std::istringstream in{std::string(kTrainingText)};
  for (std::string line; std::getline(in, line);) all.push_back(line);
  const std::vector<std::string> emoji = emoji_sequences();
  Random random(4);
  for (int i = 0; i < 2000; ++i) {
    std::string line;
    for (uint64_t n = random.below(20); n > 0; --n) {
      if (random.below(4) == 0) {
        line += emoji[random.below(emoji.size())];
      } else {
        append_utf8(line, static_cast<char32_t>(random.below(3) == 0 ? 0x20 + random.below(0x2000)
                                                                     : 0x20 + random.below(0x5F)));
      }
    }
    all.push_back(line);
  }
  return all;
}

// `own_id` makes our id of the library's.
template <class OwnId>
void expect_agreement(const Tokenizer& tokenizer, const std::string& blob, const OwnId& own_id) {
  sentencepiece::SentencePieceProcessor library;
  ASSERT_TRUE(library.LoadFromSerializedProto(blob).ok());
  for (const std::string& line : lines()) {
    std::vector<int> ids;
    ASSERT_TRUE(library.Encode(line, &ids).ok());
    for (int& id : ids) id = own_id(id);
    ASSERT_EQ(tokenizer.encode(line), ids) << line;
  }
}

TEST(LibraryAgreement, ReadyModels_SameTokensWithEosMoved) {
  struct Case {
    std::string name;
    int eos;  // of the model; one past its end: none
  };
  for (const Case& c : {Case{"usual.model", 2}, Case{"bytes.model", 340}}) {
    const std::string blob = golden_model(c.name);
    const auto tokenizer = load_tokenizer({R"({"kind":"sentencepiece"})", blob});
    expect_agreement(*tokenizer, blob, [&](int id) { return id == c.eos ? 0 : id < c.eos ? id + 1 : id; });
  }
}

TEST(LibraryAgreement, OwnModels_SameTokens) {
  for (const char* kind : {"bpe", "unigram"}) {
    const auto tokenizer = learn(kind, kTrainingText, 0, "none");
    expect_agreement(*tokenizer, tokenizer->save().blob, [](int id) { return id; });
  }
}

}  // namespace
}  // namespace fude
