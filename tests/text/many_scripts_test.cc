// Every kind that loses nothing gives back what it never saw, whatever it is written in.
#include <gtest/gtest.h>

#include <array>
#include <set>
#include <string>

#include "fude/text/unicode.h"
#include "text/scripts.h"
#include "text/tokenizers.h"

namespace fude {
namespace {

struct Sample {
  const char* language;
  const char* text;
};

// In normal form C; each in another script.
constexpr std::array kSamples = {
    Sample{"Vietnamese", "Chiếc thuyền nhỏ đợi bên bờ sông. Trời đã tối."},
    Sample{"Greek", "Το καΐκι περιμένει στην ακτή. Η θάλασσα είναι ήσυχη."},
    Sample{"Russian", "Лодка ждёт у берега. Вечер тихий."},
    Sample{"Armenian", "Նավակը սպասում է ափին։ Երեկոն խաղաղ է։"},
    Sample{"Georgian", "ნავი ნაპირთან იცდის. საღამო წყნარია."},
    Sample{"Hebrew", "הסירה מחכה ליד החוף. הערב שקט."},
    Sample{"Arabic", "القارب ينتظر عند الشاطئ. المساء هادئ."},
    Sample{"Amharic", "ጀልባው በባሕር ዳር ይጠብቃል። ምሽቱ ጸጥ ያለ ነው።"},
    Sample{"Hindi", "नाव किनारे पर रुकी है। शाम शांत है।"},
    Sample{"Bengali", "নৌকা তীরে থেমে আছে। সন্ধ্যা শান্ত।"},
    Sample{"Gujarati", "હોડી કિનારે ઊભી છે. સાંજ શાંત છે."},
    Sample{"Punjabi", "ਬੇੜੀ ਕੰਢੇ ਉੱਤੇ ਹੈ। ਸ਼ਾਮ ਸ਼ਾਂਤ ਹੈ।"},
    Sample{"Tamil", "படகு கரையில் நிற்கிறது. மாலை அமைதி."},
    Sample{"Telugu", "పడవ ఒడ్డున ఉంది. సాయంత్రం ప్రశాంతం."},
    Sample{"Kannada", "ದೋಣಿ ದಡದಲ್ಲಿದೆ. ಸಂಜೆ ಶಾಂತ."},
    Sample{"Malayalam", "വള്ളം കരയിൽ ഉണ്ട്. സന്ധ്യ ശാന്തം."},
    Sample{"Sinhala", "බෝට්ටුව වෙරළේ ඇත. සවස නිසලයි."},
    Sample{"Thai", "เรือจอดอยู่ริมฝั่ง ตอนเย็นเงียบสงบ"},
    Sample{"Lao", "ເຮືອຈອດຢູ່ແຄມຝັ່ງ ຕອນແລງງຽບ"},
    Sample{"Khmer", "ទូកនៅមាត់ទឹក។ ល្ងាចស្ងាត់។"},
    Sample{"Burmese", "လှေသည် ကမ်းမှာ ရှိသည်။ ညနေ ငြိမ်သည်။"},
    Sample{"Korean", "배가 물가에서 기다린다. 저녁은 고요하다."},
    Sample{"Chinese", "小船停在岸边。傍晚很安静。"},
    Sample{"Japanese", "ふねはきしでまっている。ゆうがたはしずかだ。"},
};

TEST(ManyScripts, Samples_AreOfTwentyScriptsOrMore) {
  std::set<Script> scripts;
  for (const Sample& sample : kSamples) {
    EXPECT_EQ(normalize(sample.text, Normalization::kNfc), sample.text) << sample.language;
    size_t offset = 0;
    const auto script = script_of(next_code_point(sample.text, offset));
    ASSERT_TRUE(script) << sample.language;
    EXPECT_TRUE(scripts.insert(*script).second) << sample.language;
  }
  EXPECT_GE(scripts.size(), 20U);
}

class ManyScripts : public testing::TestWithParam<std::string> {};

TEST_P(ManyScripts, LearnedOrNot_EverySampleComesBack) {
  std::string all;
  for (const Sample& sample : kSamples) all += std::string(sample.text) + "\n";
  for (const auto& tokenizer : {learn(GetParam()), learn(GetParam(), all)}) {
    for (const Sample& sample : kSamples)
      EXPECT_EQ(tokenizer->decode(tokenizer->encode(sample.text)), sample.text) << sample.language;
    EXPECT_EQ(tokenizer->decode(tokenizer->encode(all)), all);
  }
}

INSTANTIATE_TEST_SUITE_P(Kinds, ManyScripts, testing::ValuesIn(kLosslessKinds), test_name);

}  // namespace
}  // namespace fude
