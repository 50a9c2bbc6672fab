// The models and the expected ids come from tests/golden/make_sentencepiece.sh.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "fude/base/error.h"
#include "fude/base/random.h"
#include "support/temp_dir.h"
#include "text/tokenizers.h"

namespace fude {
namespace {

using testing::HasSubstr;
using Ids = std::vector<TokenId>;

std::string golden(const std::string& name) { return std::string(FUDE_GOLDEN_DIR) + "/sentencepiece/" + name; }

std::string read(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return (std::stringstream() << in.rdbuf()).str();
}

std::unique_ptr<Tokenizer> open(const std::string& path) {
  TokenizerOptions options;
  options.kind = path;
  return train_tokenizer(options, [](const TextSink&) { FAIL() << "a ready model needs no text"; });
}

TEST(ReadyModel, LibraryIds_AreKeptButEosIsZero) {
  const auto tokenizer = open(golden("usual.model"));
  EXPECT_EQ(tokenizer->kind(), "sentencepiece");
  EXPECT_EQ(tokenizer->vocab_size(), 65);
  EXPECT_EQ(tokenizer->display(0), "<eos>");  // 2 in the model
  EXPECT_EQ(tokenizer->display(1), "<unk>");  // 0
  EXPECT_EQ(tokenizer->display(2), "<s>");    // 1
  EXPECT_EQ(tokenizer->encode("the brush writes"), (Ids{5, 3, 24, 27, 3, 6}));
  EXPECT_EQ(tokenizer->encode("  the  ink\nwaits "), (Ids{5, 3, 4, 29, 37, 6}));
  EXPECT_EQ(tokenizer->encode("Zebra"), (Ids{4, 1, 3, 20, 63, 8}));
  EXPECT_EQ(tokenizer->encode("ﬁ …"), (Ids{4, 53, 50, 4, 1}));
}

TEST(ReadyModel, Decoding_FollowsTheLibrary) {
  const auto tokenizer = open(golden("usual.model"));
  const auto there_and_back = [&](const char* text) { return tokenizer->decode(tokenizer->encode(text)); };
  EXPECT_EQ(there_and_back("the brush writes"), "the brush writes");
  EXPECT_EQ(there_and_back("  the  ink\nwaits "), "the ink waits");
  EXPECT_EQ(there_and_back("Zebra"), " ⁇ ebra");
  EXPECT_EQ(there_and_back("ﬁ …"), "fi  ⁇ ");
  EXPECT_EQ(there_and_back(""), "");
  EXPECT_EQ(tokenizer->decode(Ids{2, 4, 4, 5, 3, 0, 5}), "the th");
}

TEST(ReadyModel, WithoutEos_GetsOneAtZero) {
  const auto tokenizer = open(golden("bytes.model"));
  EXPECT_EQ(tokenizer->vocab_size(), 341);
  EXPECT_EQ(tokenizer->display(0), "<eos>");
  EXPECT_EQ(tokenizer->decode(Ids{0}), "");
  EXPECT_EQ(tokenizer->encode("the brush writes"), (Ids{262, 305, 304, 286}));
  EXPECT_EQ(tokenizer->encode("Zebra"), (Ids{318, 93, 319, 330, 321, 324}));
}

TEST(ReadyModel, ByteFallbackAndSpacesKept_EveryTextComesBack) {
  const auto tokenizer = open(golden("bytes.model"));
  for (const char* text : {"the brush", "  the  ink waits ", "Zebra ﬁ …\n筆", " ", "   ", "😀"})
    EXPECT_EQ(tokenizer->decode(tokenizer->encode(text)), text);
}

TEST(ReadyModel, UnknownSymbols_AreThoseOutsideThePieces) {
  const auto tokenizer = open(golden("usual.model"));
  const auto unknown = tokenizer->unknown_symbols("the Zebra\nrains é", 9);
  ASSERT_EQ(unknown.size(), 2U);
  EXPECT_EQ(unknown[0].code_point, U'Z');
  EXPECT_EQ(unknown[1].code_point, U'é');
  EXPECT_EQ(unknown[1].line, 2);
}

TEST(ReadyModel, WithoutBytesOrWhiteSpace_LosesText) {
  EXPECT_TRUE(open(golden("usual.model"))->loses_text());
  EXPECT_FALSE(open(golden("bytes.model"))->loses_text());
  for (const std::string& kind : kLosslessKinds) EXPECT_FALSE(learn(kind)->loses_text()) << kind;
  EXPECT_TRUE(learn("whitespace")->loses_text());
}

TEST(ReadyModel, Unknown_IsNeverWritten) {
  for (const char* const name : {"usual.model", "bytes.model"}) {
    const auto tokenizer = open(golden(name));
    for (TokenId id = 0; id < tokenizer->vocab_size(); ++id)
      EXPECT_EQ(tokenizer->is_writable(id), tokenizer->display(id) != "<unk>") << name << " " << id;
  }
}

TEST(ReadyModel, SavedAndLoaded_IsTheSame) {
  for (const char* name : {"usual.model", "bytes.model"}) {
    const auto tokenizer = open(golden(name));
    const TokenizerData data = tokenizer->save();
    EXPECT_EQ(data.blob, read(golden(name)));
    const auto loaded = load_tokenizer(data);
    EXPECT_EQ(loaded->kind(), "sentencepiece");
    EXPECT_EQ(loaded->fingerprint(), tokenizer->fingerprint());
    EXPECT_EQ(loaded->encode("the ink waits"), tokenizer->encode("the ink waits"));
  }
}

TEST(ReadyModel, FileThatOneOfOursWrote_CanBeOpened) {
  const TempDir folder;
  const auto own = learn("unigram");
  const auto tokenizer = open(folder.write("own.model", own->save().blob).string());
  EXPECT_EQ(tokenizer->encode("The ink dries"), own->encode("The ink dries"));
}

TEST(ReadyModel, MissingFile_IoErrorNamesIt) {
  const TempDir folder;
  try {
    open((folder / "none.model").string());
    FAIL() << "no error";
  } catch (const IoError& error) {
    EXPECT_THAT(error.what(), HasSubstr("none.model"));
  }
  EXPECT_THROW(open(folder.path().string()), IoError);
}

TEST(ReadyModel, FileThatIsNone_FormatErrorNamesIt) {
  const TempDir folder;
  for (const std::string content : {"", "hello, this is no model", "{\"a\":1}"}) {
    try {
      open(folder.write("bad.model", content).string());
      FAIL() << "no error for " << content;
    } catch (const FormatError& error) {
      EXPECT_THAT(error.what(), HasSubstr("bad.model"));
    }
  }
}

TEST(ReadyModel, TruncatedAnywhere_FormatErrorOrATokenizer) {
  const std::string model = read(golden("usual.model"));
  ASSERT_GT(model.size(), 1000U);
  int refused = 0;
  for (size_t size = 0; size < model.size(); ++size) {
    try {
      load_tokenizer({R"({"kind":"sentencepiece"})", model.substr(0, size)})->encode("the ﬁ ink … waits");
    } catch (const Error&) {
      ++refused;
    }
  }
  EXPECT_GT(refused, 100);
}

TEST(ReadyModel, BytesChanged_ErrorOrATokenizerThatWorks) {
  Random random(11);
  for (const char* name : {"usual.model", "bytes.model"}) {
    const std::string model = read(golden(name));
    for (int i = 0; i < 1500; ++i) {
      std::string damaged = model;
      for (uint64_t n = 1 + random.below(3); n > 0; --n)
        damaged[random.below(damaged.size())] = static_cast<char>(random.below(256));
      try {
        const auto tokenizer = load_tokenizer({R"({"kind":"sentencepiece"})", damaged});
        tokenizer->decode(tokenizer->encode("the ﬁ ink … waits\n Zebra é"));
      } catch (const Error&) {
      }
    }
  }
}

// A field of a protocol buffer.
std::string field(int number, const std::string& content) {
  std::string bytes(1, static_cast<char>(number << 3 | 2));
  size_t size = content.size();
  for (; size >= 0x80; size >>= 7) bytes += static_cast<char>(size | 0x80);
  return bytes + static_cast<char>(size) + content;
}

std::string load_error(const std::string& model) {
  try {
    load_tokenizer({R"({"kind":"sentencepiece"})", model})->encode(std::string(300, 'a') + std::string(300, 'Z'));
  } catch (const FormatError& error) {
    return error.what();
  }
  return "";
}

// SentencePiece recurses over the bytes of a piece: a million of them would overflow its stack.
TEST(ReadyModel, VeryLongPiece_FormatError) {
  const std::string model = read(golden("usual.model"));
  EXPECT_EQ(load_error(model + field(1, field(1, std::string(4096, 'a')))), "");
  EXPECT_EQ(load_error(model + field(1, field(1, std::string(1000000, 'a')))),
            "tokenizer: a piece of 1000000 bytes, expected at most 4096");
}

TEST(ReadyModel, ScoreThatIsNoFiniteNumber_IsRefused) {
  const std::string usual = read(golden("usual.model"));
  EXPECT_EQ(load_error(usual + field(1, field(1, "Z") + "\x15" + std::string("\0\0\x80\x3F", 4))), "");
  for (const char* const score : {"\xC0\x7F", "\x80\xFF"})  // upper halves of NaN and minus infinity
    EXPECT_THAT(load_error(usual + field(1, field(1, "Z") + "\x15" + std::string(2, '\0') + score)),
                HasSubstr("a piece whose score is no finite number"));
}

// Of what begins at one place of a text SentencePiece keeps 64 user-defined pieces, and reads more.
TEST(ReadyModel, UserDefinedPiecesThatBeginAlike_AreCounted) {
  const auto model = [](size_t pieces) {
    std::string bytes = read(golden("usual.model"));
    for (size_t size = 1; size <= pieces; ++size) bytes += field(1, field(1, std::string(size, 'Z')) + "\x18\x04");
    return bytes;
  };
  EXPECT_EQ(load_error(model(64)), "");
  EXPECT_THAT(load_error(model(65)), testing::HasSubstr("more than 64 user-defined pieces"));
}

// A normalization table that replaces a, aa, aaa and so on, each by `text`; then it may begin again.
std::string table(uint32_t replaced, const std::string& text, bool circle) {
  const uint32_t blocks = replaced + 2;
  std::vector<uint32_t> units(256 * blocks);
  for (uint32_t i = 0; i < units.size(); ++i) units[i] = (i & 0xFF) ^ 1;  // no byte leads here
  units[0] = 256 << 10;
  for (uint32_t k = 1; k <= replaced; ++k) {
    const uint32_t at = 256 * k + 'a', base = circle && k == replaced ? 256 : 256 * (k + 1);
    units[at] = (at ^ base) << 10 | 0x100 | 'a';
    units[base] = 0x80000000;
  }
  const auto size = static_cast<uint32_t>(units.size() * sizeof(uint32_t));
  std::string bytes(reinterpret_cast<const char*>(&size), sizeof size);
  return bytes.append(reinterpret_cast<const char*>(units.data()), size).append(text) + '\0';
}

// As many replacements as begin at one place of a text, SentencePiece keeps 32, and reads more.
TEST(ReadyModel, NormalizationTableOfManyReplacements_FormatError) {
  const auto model = [](const std::string& charsmap) {
    return read(golden("usual.model")) + field(3, field(2, charsmap));
  };
  EXPECT_EQ(load_error(model(table(32, "b", false))), "");
  for (const std::string& charsmap :
       {table(33, "b", false), table(2, "b", true), table(2000, "b", false), table(2, std::string(300, 'b'), false)})
    EXPECT_EQ(load_error(model(charsmap)), "tokenizer: its normalization table is damaged");
}

TEST(ReadyModel, NormalizationTableThatLeadsOutside_FormatError) {
  const std::string model = read(golden("usual.model"));
  int refused = 0;
  for (size_t at = 0; at + 4 <= model.size(); ++at) {
    std::string damaged = model;
    damaged.replace(at, 4, "\xFF\xFF\xFF\x7F");
    try {
      load_tokenizer({R"({"kind":"sentencepiece"})", damaged})->encode("the ﬁ ink …");
    } catch (const Error& error) {
      if (std::string(error.what()).find("normalization table") != std::string::npos) ++refused;
    }
  }
  EXPECT_GT(refused, 100);
}

}  // namespace
}  // namespace fude
