// load_tokenizer meets every damage with a FormatError.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "fude/base/error.h"
#include "fude/base/random.h"
#include "text/tokenizers.h"

namespace fude {
namespace {

TEST(LoadTokenizer, WrongJson_FormatError) {
  const std::vector<std::string> wrong = {
      "",
      "{",
      "null",
      "[]",
      "7",
      "\"char\"",
      "{}",
      R"({"kind":7})",
      R"({"kind":"chars","normalize":"nfc","pieces":["a"]})",
      R"({"kind":"char"})",
      R"({"kind":"char","normalize":"nfc"})",
      R"({"kind":"char","pieces":["a"]})",
      R"({"kind":"char","normalize":"nfd","pieces":["a"]})",
      R"({"kind":"char","normalize":"nfc","pieces":"abc"})",
      R"({"kind":"char","normalize":"nfc","pieces":[1,2]})",
      R"({"kind":"char","normalize":"nfc","pieces":["a","b","a"]})",
      R"({"kind":"char","normalize":"nfc","pieces":["a",""]})",
      R"({"kind":"char","normalize":"nfc","pieces":["ab"]})",
      R"({"kind":"char","normalize":"nfc","pieces":["\ud800"]})",
      "{\"kind\":\"char\",\"normalize\":\"nfc\",\"pieces\":[\"\xFF\"]}",
      R"({"kind":"byte"})",
      R"({"kind":"byte","normalize":4})",
      R"({"kind":"word","normalize":"nfc","pieces":["the","the"]})",
      R"({"kind":"word","normalize":"nfc","pieces":{"the":1}})",
      R"({"kind":"whitespace","normalize":"nfc","pieces":["two words"]})",
      R"({"kind":"whitespace","normalize":"nfc","pieces":["a","<eos>"]})",
      R"({"kind":"whitespace","normalize":"nfc","pieces":["<unk>"]})",
      R"({"kind":"bpe","normalize":"nfc"})",
      R"({"kind":"unigram","normalize":"nfc"})",
      R"({"kind":"sentencepiece"})",
  };
  for (const std::string& json : wrong) EXPECT_THROW(load_tokenizer({json, ""}), FormatError) << json;
}

TEST(LoadTokenizer, ModelThatLosesText_FormatErrorForOurOwnKinds) {
  const std::string blob = learn("unigram")->save().blob;
  EXPECT_NO_THROW(load_tokenizer({R"({"kind":"unigram","normalize":"none"})", blob}));
  EXPECT_THROW(load_tokenizer({R"({"kind":"unigram","normalize":"none"})", blob.substr(0, blob.size() / 2)}),
               FormatError);
}

TEST(LoadTokenizer, EmptyVocabulary_StillWritesInBytes) {
  const auto tokenizer = load_tokenizer({R"({"kind":"char","normalize":"nfc","pieces":[]})", ""});
  EXPECT_EQ(tokenizer->vocab_size(), 17);
  EXPECT_EQ(tokenizer->decode(tokenizer->encode("né")), "né");
}

TEST(LoadTokenizer, RandomDamage_FormatErrorOrATokenizer) {
  Random random(5);
  for (const std::string& kind : kAllKinds) {
    const TokenizerData data = learn(kind)->save();
    for (int i = 0; i < 300; ++i) {
      TokenizerData damaged = data;
      std::string& part = !data.blob.empty() && i % 2 == 0 ? damaged.blob : damaged.json;
      part[random.below(part.size())] = static_cast<char>(random.below(256));
      if (i % 5 == 0) part.resize(random.below(part.size()));
      try {
        const auto tokenizer = load_tokenizer(damaged);
        tokenizer->decode(tokenizer->encode("The ink, é\n"));
      } catch (const FormatError&) {
      }
    }
  }
}

}  // namespace
}  // namespace fude
