// What texts are taken to be written in.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "fude/text/encoding.h"
#include "text/coded_text.h"

namespace fude {
namespace {

constexpr char kJapanese[] = "白い猫が窓から海を見ていた。\nきょうは雨が降り、カモメは帰らない。\n";

struct Case {
  const char* icu;    // writes it
  const char* found;  // what detection says
  const char* text;
};
const std::vector<Case> kCases = {
    {"ibm-943_P15A-2003", "Shift_JIS", kJapanese},
    {"euc-jp-2007", "EUC-JP", kJapanese},
    {"ISO-2022-JP", "ISO-2022-JP", kJapanese},
    {"gb18030", "GB18030", "猫在窗边看着大海。今天下雨了，海鸥没有回来。我们都在家里等着。\n"},
    {"Big5-HKSCS", "Big5-HKSCS",
     "貓在窗邊看著大海。今天下雨了，佢哋喺海邊の屋企等咗好耐，海鷗都冇返嚟。我們都在家裡等著。\n"},
    {"windows-950", "Big5", "貓在窗邊看著大海。今天下雨了，海鷗沒有回來。我們都在家裡等著。\n"},
    {"ISO-2022-KR", "ISO-2022-KR", "고양이가 창가에서 바다를 바라본다.\n"},
    {"windows-949", "EUC-KR", "고양이가 창가에서 바다를 바라본다. 오늘은 비가 왔고 갈매기는 돌아오지 않았다.\n"},
    {"windows-1251", "windows-1251",
     "Кошка смотрит из окна на море. Сегодня идёт дождь, и чайки не вернулись домой.\n"},
    {"KOI8-R", "KOI8-R", "Кошка смотрит из окна на море. Сегодня идёт дождь, и чайки не вернулись домой.\n"},
    {"windows-1252", "windows-1252",
     "Die Straße ist schön und für alle Bürger offen. Über dem Hafen ziehen Möwen, die früh müde würden.\n"},
    {"KOI8-U", "KOI8-U", "Кішка дивиться з вікна на море. Сьогодні йде дощ, і її чайки не повернулися додому.\n"},
    {"ibm-850", "CP850",
     "Près de la fenêtre, le chat épie la mer. L'été a été si bref que les mouettes se sont tues.\n"},
    {"macintosh", "macintosh",
     "La niña miró el faro. Mañana habrá lluvia, pensó, y el pájaro no volverá aquí jamás.\n"},
    {"ibm-852", "CP852",
     "Kot patrzy z okna na morze. Dziś pada deszcz, więc żadna mewa nie wróciła; śpią już łodzie.\n"},
    {"ibm-857", "CP857",
     "Kedi pencereden denize bakıyor. Bugün yağmur yağıyor ve martılar eve dönmedi; gemiler çoktan uyudu.\n"},
    {"ibm-737", "CP737", "Η γάτα κοιτάζει τη θάλασσα από το παράθυρο. Σήμερα βρέχει και οι γλάροι δεν γύρισαν.\n"},
    {"ibm-862", "CP862", "החתול מביט מהחלון אל הים. היום יורד גשם והשחפים לא חזרו הביתה.\n"},
    {"macos-7_3-10.2", "x-mac-cyrillic",
     "Кошка смотрит из окна на море. Сегодня идёт дождь, и чайки не вернулись домой. Моя семья ждёт меня.\n"},
    {"ibm-866", "CP866", "Кошка смотрит из окна на море. Сегодня идёт дождь, и чайки не вернулись домой.\n"},
    {"UTF-16LE", "UTF-16LE", kJapanese},
    {"UTF-16BE", "UTF-16BE", "The gull was tired.\n"},
    {"UTF-32LE", "UTF-32LE", "The gull 🐦 was tired.\n"},
    {"UTF-32BE", "UTF-32BE", kJapanese},
    {"UTF-8", "UTF-8", kJapanese},
};

TEST(DetectEncoding, TextsOfManyEncodings_AreFoundAndDecoded) {
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.icu);
    const std::string bytes = encoded(c.text, c.icu);
    const DetectedEncoding found = detect_encoding(bytes, true);
    EXPECT_EQ(found.name, c.found);
    EXPECT_GE(found.confidence, 20);
    for (const size_t step : {size_t{1}, size_t{3}, size_t{7}, bytes.size()})
      EXPECT_EQ(decode(bytes, found.name, OnInvalid::kError, step).text, c.text) << step;
  }
}

TEST(DetectEncoding, ShortJapanese_IsKnownByItsKana) {
  for (const char* text : {"猫がいる", "白い猫", "ねこ"}) {
    EXPECT_EQ(detect_encoding(encoded(text, "Shift_JIS"), true).name, "Shift_JIS") << text;
    EXPECT_EQ(detect_encoding(encoded(text, "EUC-JP"), true).name, "EUC-JP") << text;
  }
}

TEST(DetectEncoding, KanjiAlone_AreKnownByTheirPairs) {
  for (const char* text : {"山田太郎\n佐藤花子\n", "国破山河在\n城春草木深\n", "北海道、青森県、岩手県、宮城県\n"}) {
    const std::string bytes = encoded(text, "Shift_JIS");
    EXPECT_EQ(detect_encoding(bytes, true).name, "Shift_JIS") << text;
    EXPECT_EQ(decode(bytes, "Shift_JIS", OnInvalid::kError, bytes.size()).text, text);
  }
  const DetectedEncoding names = detect_encoding(encoded("山田太郎\n佐藤花子\n", "EUC-JP"), true);
  EXPECT_TRUE(names.name == "EUC-JP" || names.perhaps.starts_with("EUC-JP")) << names.name << " " << names.perhaps;
  for (const char* text :
       {"It\u2019s what she\u2019d say, isn\u2019t it? They\u2019ll see.", "\u201CNo,\u201D he said."})
    EXPECT_EQ(detect_encoding(encoded(text, "windows-1252"), true).name, "windows-1252") << text;
}

TEST(DetectEncoding, DamagedIso2022Jp_DoesNotPassForUtf8) {
  const std::string text = encoded(kJapanese, "ISO-2022-JP");
  EXPECT_EQ(detect_encoding(text + "bell \x07 here\n", true).name, "ISO-2022-JP");
  EXPECT_EQ(detect_encoding(text + "\x1B$B\x7E\x7E\x1B(B\n", true).name, "ISO-2022-JP");
  EXPECT_EQ(detect_encoding("\x1B$B$M\x7E\x7E$3\x1B(B\n", true).name, "ISO-2022-JP");
  EXPECT_EQ(detect_encoding("press \x1B$B\n", true).name, "UTF-8");
}

TEST(DetectEncoding, Iso2022JpWithABrokenByte_StaysSo) {
  std::string text = encoded(kJapanese, "ISO-2022-JP");
  for (int k = 0; k < 3; ++k) text += text;
  EXPECT_EQ(detect_encoding(text + "\xE3\n", true).name, "ISO-2022-JP");
  // Another's mail in a folder of such.
  EXPECT_EQ(detect_encoding(text + std::string(kJapanese), true).name, "UTF-8");
}

TEST(DetectEncoding, WideTextWithAMistake_StaysWide) {
  std::string text;
  for (int k = 0; k < 40; ++k) text += "The gull was tired. 2000 years, \u732B\u3002\n";
  for (const char* const name : {"UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE"}) {
    const std::string bytes = encoded(text, name);
    EXPECT_EQ(detect_encoding(bytes, true).name, name);
    EXPECT_EQ(detect_encoding(bytes + 'x', true).name, name);
    std::string surrogate = bytes;
    surrogate.replace(8, 4, std::string(bytes[0] == 'T' ? "\0\xD8\0\0" : "\xD8\0\0\0", 4));
    EXPECT_EQ(detect_encoding(surrogate, true).name, name);
    EXPECT_EQ(detect_encoding(encoded("Hello 2000", name), true).name, name);
  }
  for (const char* const name : {"UTF-32LE", "UTF-32BE"})
    EXPECT_EQ(detect_encoding(encoded("\u732B\u306F\u3001\u6D77\u3002", name), true).name, name);
  std::string binary;
  for (int k = 0; k < 4000; ++k) binary += static_cast<char>(k * 7919 >> 3);
  EXPECT_EQ(detect_encoding(binary, true).confidence, 0);
}

TEST(DetectEncoding, DeclaredName_IsWhatBrowsersTakeItFor) {
  const struct {
    const char* declared;
    const char* name;
    const char* text;
  } kPages[] = {{"ISO-8859-1", "windows-1252", "“Café”"},
                {"iso-8859-9", "windows-1254", "“Kedi”, dedi… şimdi yağmur"},
                {"TIS-620", "windows-874", "“แมวมองทะเล”…"},
                {"gb2312", "GB18030", "镕与赟看着海"}};
  for (const auto& page : kPages) {
    const std::string bytes =
        "<meta charset=\"" + std::string(page.declared) + "\"><p>" + encoded(page.text, page.name) + "</p>\n";
    EXPECT_EQ(detect_encoding(bytes, true).name, page.name) << page.declared;
  }
}

TEST(DetectEncoding, Thai_IsKnownByItsMarks) {
  const char* const text = "แมวมองทะเลจากหน้าต่าง วันนี้ฝนตก";
  const DetectedEncoding found = detect_encoding(encoded(text, "windows-874"), true);
  EXPECT_EQ(found.name, "windows-874");
  EXPECT_GE(found.confidence, 50);
}

// What stands between letters anywhere, without a space even, tells nothing against an encoding.
TEST(DetectEncoding, DashesQuotesAndFixedSpacesInWords_ChangeNothing) {
  const struct {
    const char* name;
    const char* text;
  } kProse[] = {
      {"windows-1252", "“I don’t know,” she said.\n“Nor I.”\nHe left—and she—gone. ‘So’–he said…and waited.\n"},
      {"windows-1252", "The\u00A0cat sat by\u00A0the window\u00A0and looked at the\u00A0sea.\n"},
      {"windows-1252", "Die Stra\u00ADße war schön•grün—über allem wür\u00ADde „es“ spä\u00ADter still…und müde.\n"},
      {"windows-1251",
       "Кошка\u00A0смотрит из\u00A0окна—на\u00A0море…Сегодня идёт «дождь»,\u00A0и чайки не вер\u00ADнулись.\n"},
      {"windows-1250", "Kot—patrzy z\u00A0okna na „morze”. Dziś\u00A0pada–deszcz, więc żadna\u00A0mewa nie wróciła…\n"},
  };
  for (const auto& prose : kProse) {
    const DetectedEncoding found = detect_encoding(encoded(prose.text, prose.name), true);
    EXPECT_EQ(found.name, prose.name) << prose.text << found.perhaps;
    EXPECT_GE(found.confidence, 20) << prose.text;
  }
}

TEST(DetectEncoding, FewOddSignsAmongMuchThatFits_ChangeNothing) {
  std::string quotes;
  for (int k = 0; k < 30; ++k) quotes += "“I don’t know,” she said.\n";
  for (const char* text :
       {"pores of 10µm.\n", "Acme®Corp 2003, x²y.\n", "He said:“No”and left.\n", "a “The”Times” b\n"})
    EXPECT_EQ(detect_encoding(encoded(quotes + text, "windows-1252"), true).name, "windows-1252") << text;
}

TEST(DetectEncoding, LettersBesideEachOther_AreWords) {
  for (const char* text : {"Se pitää tehdä tänään. Äiti jää tänne ja pitää päätä. Hyvää yötä!\n",
                           "Le créé, la créée et le procréé ont été agréés.\n",
                           "Der Wein ist süß, und gemäß dem Gesetz muß er süß sein.\n"})
    EXPECT_EQ(detect_encoding(encoded(text, "windows-1252"), true).name, "windows-1252") << text;
  std::string dutch;
  for (int k = 0; k < 20; ++k) dutch += "Er is maar één weg door het bos, en daar staat één huis.\n";
  EXPECT_EQ(detect_encoding(encoded(dutch, "windows-1252"), true).name, "windows-1252");
}

TEST(DetectEncoding, CurlyQuotesOfTheMacintosh_AreNoCapitals) {
  const char* const text = "“I don’t know,” she said—‘not yet’…\n";
  EXPECT_EQ(detect_encoding(encoded(text, "macintosh"), true).name, "macintosh");
  EXPECT_NE(detect_encoding(encoded("PÕHI JA ÕHTU, NÕO NING ÓSMOSIS\n", "windows-1252"), true).name, "macintosh");
}

TEST(DetectEncoding, LineAmongEnglishOnes_IsNotTakenForWestern) {
  std::string english;
  for (int k = 0; k < 10; ++k) english += "The old man walked along the river and thought of his children.\n";
  const struct {
    const char* name;
    const char* text;
  } kLines[] = {{"windows-950", "書放在桌子上，旁邊點著一支蠟燭。\n"},
                {"windows-949", "책은 책상 위에 놓여 있었고 그 옆에는 촛불이 타고 있었다.\n"},
                {"windows-874", "หนังสือวางอยู่บนโต๊ะ\n"},
                {"windows-1251", "Кошка смотрит из окна на море.\n"}};
  for (const auto& line : kLines)
    EXPECT_NE(detect_encoding(english + encoded(line.text, line.name), true).name, "windows-1252") << line.name;
  const char* const polish = "Książka leżała na stole, a obok niej świeczka. Później wróciliśmy do domu i piliśmy.\n";
  EXPECT_NE(detect_encoding(english + encoded(polish, "windows-1250"), true).name, "windows-1252");
}

TEST(DetectEncoding, LettersWhereWindowsHasQuotes_AreNoneOfItsQuotes) {
  for (const auto& [text, name] : {std::pair{"Wir möchten es gern hören, können aber nicht.\n", "ibm-850"},
                                   {"El niño comió, salió y cantó con el señor.\n", "macintosh"}})
    EXPECT_LT(detect_encoding(encoded(text, name), true).confidence, 50) << name;
  const char* const danish = "I går gik vi i skoven, men det regnede. Bogen lå på bordet, sagde Søren, som æder mad.\n";
  EXPECT_EQ(detect_encoding(encoded(danish, "ibm-850"), true).name, "CP850");
}

TEST(DetectEncoding, KatakanaInLatinWords_AreNoJapanese) {
  EXPECT_NE(detect_encoding("Gr\x83mata gul\x89ja uz galda, blakus dega svece.\n", true).name, "Shift_JIS");
  const char* const text = "Ieri am mers în pădure să culegem ciuperci. Cartea stătea pe masă, iar ardea o lumânare.\n";
  EXPECT_EQ(detect_encoding(encoded(text, "ibm-852"), true).name, "CP852");
}

TEST(DetectEncoding, HalfWidthKanaBesideLatinWords_AreJapanese) {
  const char* const list = "USBｹｰﾌﾞﾙ 黒\nCDﾌﾟﾚｰﾔｰ 銀\nLEDﾗｲﾄ 白い\nTVﾘﾓｺﾝ 新しい\n";
  EXPECT_EQ(detect_encoding(encoded(list, "Shift_JIS"), true).name, "Shift_JIS");
}

TEST(DetectEncoding, LettersThatTwoEncodingsWriteAsWell_AreNoGuess) {
  const DetectedEncoding heading = detect_encoding(encoded("ГЛАВА 1\n", "KOI8-R"), true);
  EXPECT_EQ(heading.name, "UTF-8");
  EXPECT_EQ(heading.confidence, 0);
  const char* const capitals = "КОШКА СМОТРИТ ИЗ ОКНА НА МОРЕ. СЕГОДНЯ ИДЁТ ДОЖДЬ, И ЧАЙКИ НЕ ВЕРНУЛИСЬ.\n";
  EXPECT_EQ(detect_encoding(encoded(capitals, "ibm-866"), true).name, "CP866");
}

// Which no frequency tells: the same two characters in EUC-JP are two of the commonest of GB18030.
TEST(DetectEncoding, FewKanji_AreNoSureGuess) {
  std::string text;
  for (int k = 0; k < 20; ++k) text += "abc漢字abc ";
  EXPECT_LT(detect_encoding(encoded(text, "EUC-JP"), true).confidence, 50);
}

TEST(DetectEncoding, CurlyQuotesAmongAscii_AreThoseOfWindows) {
  std::string lines;
  for (int k = 0; k < 50; ++k) lines += "plain ascii text here. ";
  for (const std::string text : {"It’s", "we’ll ‘yes’", "“Don’t go” – he said…\n"}) {
    const DetectedEncoding found = detect_encoding(encoded(lines + text, "windows-1252"), true);
    EXPECT_EQ(found.name, "windows-1252") << text;
    EXPECT_GE(found.confidence, 50) << text;
  }
}

TEST(DetectEncoding, ShortWesternEuropeanText_IsThatOfWindows) {
  const DetectedEncoding french =
      detect_encoding(encoded("café crème déjà vu à la carte, être ou ne pas être, où ça\n", "windows-1252"), true);
  EXPECT_EQ(french.name, "windows-1252");
  EXPECT_GE(french.confidence, 20);
  for (const char* text : {" £5.99 each", "Œuvre d’art", "«Straße»", "créée"})
    EXPECT_EQ(detect_encoding(encoded(text, "windows-1252"), true).perhaps, "windows-1252") << text;
  for (const char* text : {"Привет, мир!", "мир и"})
    EXPECT_NE(detect_encoding(encoded(text, "windows-1251"), true).perhaps, "windows-1252") << text;
}

TEST(DetectEncoding, SignsInWordsOrACurrencySign_AreLatin9) {
  for (const char* const text :
       {"Le cœur bat près de la fenêtre. Une mouette épie le marché; à midi, la marée montée, tout s'arrête, et l'été "
        "même se tait. Là-bas, le phare éclaire déjà la baie où la mère répète: où est mon aîné?\n",
        "Le chat épie la mer près de la fenêtre; il a coûté 5 € au marché.\n"}) {
    EXPECT_EQ(detect_encoding(encoded(text, "ISO-8859-15"), true).name, "ISO-8859-15") << text;
    EXPECT_EQ(detect_encoding(encoded(text, "windows-1252"), true).name, "windows-1252") << text;
  }
}

TEST(DetectEncoding, ManySignsAndNoLetter_AreNoGuess) {
  const DetectedEncoding found = detect_encoding(encoded("臺北市 高雄市 臺中市\n", "Big5"), true);
  EXPECT_EQ(found.confidence, 0) << found.name;
  EXPECT_EQ(detect_encoding("A pound (\xA3) has 240 pence; it is 20\xB0 and \xBD a mile.\n", true).name,
            "windows-1252");
}

TEST(DetectEncoding, GreekWithAccentedCapitals_IsReadSo) {
  const char* const text = "Άνθρωποι και Άγγελοι. Όλοι οι άνθρωποι γεννιούνται ελεύθεροι και ίσοι. Άρα απ’ αυτά\n";
  for (const char* name : {"windows-1253", "ISO-8859-7"})
    EXPECT_EQ(decode(encoded(text, name), detect_encoding(encoded(text, name), true).name).text, text) << name;
}

TEST(DetectEncoding, ByteOrderMark_Decides) {
  for (const char* name : {"UTF-8", "UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE"}) {
    const std::string bytes = encoded("\uFEFFsea", name);
    const DetectedEncoding found = detect_encoding(bytes, true);
    EXPECT_EQ(found.name, name);
    EXPECT_EQ(found.confidence, 100);
    const Decoded decoded = decode(bytes, found.name, OnInvalid::kError, 1);
    EXPECT_EQ(decoded.text, "sea");
    EXPECT_TRUE(decoded.mark);
  }
}

TEST(DetectEncoding, ValidUtf8_BeatsEveryGuess) {
  EXPECT_EQ(detect_encoding("caf\u00E9 \u00FCber", true).name, "UTF-8");
  const std::string text = kJapanese;
  EXPECT_EQ(detect_encoding(text.substr(0, 100), false).name, "UTF-8");  // cut inside a character
  EXPECT_EQ(detect_encoding("", true).name, "UTF-8");
}

TEST(DetectEncoding, DamagedUtf8_StaysUtf8) {
  std::string text;
  for (int line = 0; line < 20; ++line) text += kJapanese;
  text[300] = '\xFF';
  EXPECT_EQ(detect_encoding(text, true).name, "UTF-8");
}

TEST(DetectEncoding, LinesInAnotherEncoding_LeaveUtf8WhatItIs) {
  const std::string line = "Près de la fenêtre, le chat épie la mer.\n";
  std::string text;
  for (int k = 0; k < 18; ++k) text += k % 3 == 2 ? encoded(line, "windows-1252") : line;
  EXPECT_EQ(detect_encoding(text, true).name, "UTF-8");
}

TEST(DetectEncoding, LinesInAnotherEncoding_LeaveJapaneseWhatItIs) {
  std::string text;
  for (int k = 0; k < 20; ++k) text += encoded(kJapanese, k == 10 ? "EUC-JP" : "Shift_JIS");
  EXPECT_EQ(detect_encoding(text, true).name, "Shift_JIS");
}

TEST(DetectEncoding, ChineseWithKana_IsNoJapanese) {
  const char* const text = "你好，《ひらがな》和《カタカナ》是日语字母。あいうえお，カキクケコ。\n";
  EXPECT_NE(detect_encoding(encoded(text, "gb18030"), true).name, "EUC-JP");
}

TEST(DetectEncoding, FewWellFormedCharactersByChance_AreNoUtf8) {
  const char* const text = "小学校学习时间表 实习学说 选修 说笑 小校\n";
  EXPECT_EQ(detect_encoding(encoded(text, "gb18030"), true).name, "GB18030");
}

TEST(DetectEncoding, Utf8CutInsideItsLastCharacter_StaysUtf8) {
  const std::string text = "你好世界";
  EXPECT_EQ(detect_encoding(text.substr(0, 10), true).name, "UTF-8");
  EXPECT_EQ(detect_encoding(text.substr(0, 10), true).confidence, 90);
  EXPECT_EQ(detect_encoding(text.substr(0, 11), true).name, "UTF-8");
}

TEST(DetectEncoding, WhatAPageDeclares_IsTakenWhereItsBytesAgree) {
  const std::string start = "<html><META Charset='ISO-8859-2'><p>";
  const DetectedEncoding found = detect_encoding(start + "\xE8", true);
  EXPECT_EQ(found.name, "ISO-8859-2");
  EXPECT_EQ(found.confidence, 95);
  EXPECT_EQ(detect_encoding(start + "č", true).name, "UTF-8");
  EXPECT_EQ(detect_encoding("<meta charset=klingon><p>caf\xE9", true).confidence, 0);
}

TEST(DetectEncoding, BytesThatNothingCanBeGuessedFrom_AreNoError) {
  EXPECT_EQ(detect_encoding(std::string_view("\x83\xDC\x8C\x01\0\0", 6), true).name, "UTF-8");
}

TEST(DetectEncoding, TooLittleToTell_IsNoGuess) {
  const DetectedEncoding found = detect_encoding("The sea was calm.\ncaf\xE9!\n", true);
  EXPECT_EQ(found.name, "UTF-8");
  EXPECT_EQ(found.confidence, 0);
  EXPECT_FALSE(found.perhaps.empty());
}

TEST(DetectEncoding, BinaryBytes_AreNoUtf16) {
  EXPECT_EQ(detect_encoding({"text\0text", 9}, true).name, "UTF-8");
  EXPECT_EQ(detect_encoding({"\x7F"
                             "ELF\2\1\1\0 \0\0\0\0\0\0\0",
                             16},
                            true)
                .name,
            "UTF-8");
}

TEST(DetectEncoding, RepeatedLines_TellNoMoreThanOne) {
  std::string greek;
  for (int k = 0; k < 24; ++k) greek += encoded("ΑΡΘΡΟ ", "windows-1253") + std::to_string(k) + "\n";
  EXPECT_NE(detect_encoding(greek, true).name, "windows-874");
  std::string russian;
  for (int k = 0; k < 30; ++k) russian += encoded("Привет, как дела?\nДа.\n", "KOI8-R");
  EXPECT_NE(detect_encoding(russian, true).name, "windows-874");
  std::string yes;
  for (int k = 0; k < 40; ++k) yes += std::to_string(k) + encoded(". Да\n", "KOI8-R");
  EXPECT_EQ(detect_encoding(yes, true).confidence, 0);
}

}  // namespace
}  // namespace fude
