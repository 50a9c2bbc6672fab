#include "text/alphabets.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "text/coded_text.h"
#include "text/decoded_text.h"

namespace fude {
namespace {

TEST(FindByAlphabet, LettersOfOneAlphabet_TellTheEncoding) {
  const struct {
    const char* icu;
    const char* found;
    const char* text;
  } kTexts[] = {
      {"windows-1257", "windows-1257", "Katė žiūri pro langą į jūrą. Šįvakar lyja.\n"},
      {"ibm-921", "ISO-8859-13", "Katė žiūri į jūrą ir sako: „Šįvakar lyja.“\n"},
      {"windows-1257", "windows-1257", "Kaķis skatās pa logu uz jūru. Šovakar līst, un kaijas nenāk mājās.\n"},
      {"windows-1258", "windows-1258", "Con m\u00E8o nhi\u0300n ra bi\u00EA\u0309n. T\u00F4\u0301i nay m\u01B0a.\n"},
      {"windows-1250", "windows-1250", "Kočka hledí z okna na moře. Dnes prší.\n"},
      {"ISO-8859-2", "ISO-8859-2", "Dziś każda mewa śpi, więc miłośnik ciszy nie wróżył burzy.\n"},
      {"windows-1250", "windows-1250",
       "A macska a tengert nézi. Ma esik, és a sirályok nem jöttek; hűvös az őszi idő.\n"},
      {"windows-1254", "windows-1254", "Bugün yağmur yağıyor ve martılar eve dönmedi.\n"},
      {"windows-1252", "windows-1252", "Kötturinn horfir á hafið. Í kvöld rignir, og það er þögn.\n"}};
  for (const auto& text : kTexts) {
    SCOPED_TRACE(text.text);
    const std::string bytes = encoded(text.text, text.icu);
    const DetectedEncoding found = find_by_alphabet(bytes);
    EXPECT_EQ(found.name, text.found);
    EXPECT_GE(found.confidence, 20);
    EXPECT_EQ(decoded_text(bytes, found.name), text.text);
    EXPECT_EQ(detect_encoding(bytes, true).name, text.found);
  }
}

TEST(FindByAlphabet, NamesFromAbroad_ChangeNothingInALongText) {
  const struct {
    const char* icu;
    const char* text;
    const char* abroad;
  } kTexts[] = {
      {"windows-1257",
       "Kaķis skatās pa logu uz jūru. Šovakar līst, un kaijas nenāk mājās. Mēs gaidām tēvu, kas vēl ir jūrā, un māte "
       "klusē. Rīt būs vējš, saka vecais zvejnieks, un tīkli jāņem ārā. Viņš vienmēr zina, kāds būs laiks.\n",
       "Müller.\n"},
      {"windows-1258",
       "Con m\u00E8o nhi\u0300n ra bi\u00EA\u0309n. T\u00F4\u0301i nay m\u01B0a, va\u0300 chim bi\u00EA\u0309n "
       "kh\u00F4ng v\u00EA\u0300. M\u00E8 ng\u00F4\u0300i b\u00EAn c\u01B0\u0309a s\u00F4\u0309, ch\u01A1\u0300 "
       "ng\u01B0\u01A1\u0300i cha co\u0300n \u01A1\u0309 ngoa\u0300i kh\u01A1i, va\u0300 la\u0309ng im nghe "
       "gio\u0301.\n",
       "Müller.\n"},
  };
  for (const auto& text : kTexts) {
    std::string lines;
    for (int k = 0; k < 4; ++k) lines += text.text;
    EXPECT_EQ(find_by_alphabet(encoded(lines + text.abroad, text.icu)).name, text.icu);
    EXPECT_EQ(find_by_alphabet(encoded(text.text + std::string(4, '-') + text.abroad + text.abroad, text.icu)).name,
              "");
  }
}

TEST(FindByAlphabet, ManyLettersOfTwoKinds_AreEnough) {
  const std::string line =
      "Tänä iltana sää on kylmä ja tyyni. Lapset söivät jo, ja äiti käy pöydän ääreen. Hän määrää, mitä huomenna "
      "tehdään: yksi nostaa verkot, toinen vie veneen järven yli kylään. Lähellä rantaa näkyy vielä kärki, jäät ovat "
      "lähteneet, ja päivä pitenee. Isä sytyttää lyhdyn.\n";
  EXPECT_EQ(find_by_alphabet(encoded(line, "windows-1252")).name, "windows-1252");
  EXPECT_EQ(detect_encoding(encoded(line, "windows-1252"), true).name, "windows-1252");
}

TEST(FindByAlphabet, LettersOfSeveralAlphabets_AreNoGuess) {
  for (const char* const text : {"Več ćaskanja, kći, rođak.\n",  // as Lithuanian has č ę š in windows-1257
                                 "La niña soñó un pájaro único aquí.\n", "Le chat épiait à la fenêtre près d'ici.\n"}) {
    const std::string name = find_by_alphabet(encoded(text, text[0] == 'V' ? "windows-1250" : "windows-1252")).name;
    EXPECT_TRUE(name.empty() || name == "windows-1252") << text << name;
  }
}

TEST(FindByAlphabet, TooFewLettersOrNone_AreNoGuess) {
  for (const char* const text : {"", "The sea was calm.\n", "Kat\xEB\n", "caf\xE9 caf\xE9 caf\xE9 caf\xE9\n"})
    EXPECT_EQ(find_by_alphabet(text).name, "") << text;
}

TEST(FindByAlphabet, OtherWritings_AreNoGuess) {
  EXPECT_EQ(find_by_alphabet(encoded("Кошка смотрит из окна на море.\n", "windows-1251")).name, "");
  EXPECT_EQ(find_by_alphabet(encoded("Η γάτα κοιτάζει τη θάλασσα.\n", "windows-1253")).name, "");
}

}  // namespace
}  // namespace fude
