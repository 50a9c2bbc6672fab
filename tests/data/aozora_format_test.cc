// Aozora Bunko's form, with texts of our own in it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "data/read_documents.h"

namespace fude {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct Row {
  std::string name;
  std::string line;
  std::string stripped;
};

class AozoraLineTable : public testing::TestWithParam<Row> {};

TEST_P(AozoraLineTable, Markup_LeavesProse) {
  EXPECT_THAT(read_documents("aozora", GetParam().line), ElementsAre(GetParam().stripped));
}

INSTANTIATE_TEST_SUITE_P(
    Aozora, AozoraLineTable,
    testing::Values(
        Row{"Nothing", "　潮が引く。", "　潮が引く。"}, Row{"Ruby", "　岬《みさき》の灯《ひ》", "　岬の灯"},
        Row{"RubyWithBar", "古い｜ロープ小屋《いえ》へ", "古いロープ小屋へ"}, Row{"BarWithoutRuby", "右｜左", "右｜左"},
        Row{"RubyWithoutBase", "《海》と、《空》", "《海》と、《空》"},
        Row{"BracketWithBar", "と｜《空》と、岬《みさき》", "と《空》と、岬"},
        Row{"RubyNotClosed", "岬《みさき", "岬《みさき"}, Row{"SecondRubyOnOneBase", "岬《みさき》《x》", "岬《x》"},
        Row{"Emphasis", "彼は《《強調》》した。《《岬《みさき》の灯《ひ》》》。", "彼は強調した。岬の灯。"},
        Row{"EmphasisNotClosed", "彼は《《強調》した", "彼は《《強調》した"},
        Row{"EmphasisWithBar", "彼は｜《《強調》》", "彼は《《強調》》"},
        Row{"EmphasisFarBehindABar", "棒｜の後。《《強調》》です。岬《みさき》", "棒｜の後。強調です。岬"},
        Row{"NameInBrackets", "スキル《火球》、本気《マジ》、ルビ《るび》", "スキル《火球》、本気、ルビ"},
        Row{"Note", "鐘［＃「鐘」に傍点］が鳴る", "鐘が鳴る"},
        Row{"NoteInNote", "鐘［＃「※［＃「金＋重」、第3水準1-93-40］」はママ］が", "鐘が"},
        Row{"BracketInNote", "鐘［＃「［」は記号］が［注］", "鐘が［注］"},
        Row{"NoteNotClosed", "鐘［＃「鐘", "鐘［＃「鐘"},
        Row{"Heading", "［＃３字下げ］朝［＃「朝」は中見出し］", "朝"},
        Row{"GaijiByPlace", "※［＃「にんべん＋尓」、第3水準1-14-13］", "\u4F60"},
        Row{"GaijiOfPlane2", "※［＃「さかな」、第4水準2-1-1、12-3］", "\U00020089"},
        Row{"GaijiByCodePoint", "※［＃「くさかんむり＋x」、U+82B1、34-5］の", "\u82B1の"},
        Row{"GaijiUnknown", "※［＃「船＋灯」、12-3］の", "〓の"},
        Row{"GaijiOfBrackets", "※［＃始め二重山括弧、1-1-52］海※［＃終わり二重山括弧、1-1-53］", "《海》"},
        Row{"GaijiAsBase", "大※［＃「船＋灯」、12-3］《ともしび》だ", "大〓だ"},
        Row{"GaijiBadNumbers", "※［＃「x」、3-95-1］※［＃「x」、U+D800］※［＃「x」、1-99999999999-1］", "〓〓〓"},
        Row{"ReferenceMark", "※印", "※印"}, Row{"AccentsThatNoLegendTells", "〔Cafe'〕", "〔Cafe'〕"}),
    [](const auto& row) { return row.param.name; });

TEST(AozoraFormat, Ruby_IsKeptOrTakenInPlaceOfItsBase) {
  const std::string line = "三ヶ月《みつき》前の｜朝の鐘《ベル》と灯《ひ》";
  EXPECT_THAT(read_documents("aozora", line, {.ruby = "keep"}), ElementsAre(line));
  EXPECT_THAT(read_documents("aozora", line, {.ruby = "reading"}), ElementsAre("みつき前のベルとひ"));
  EXPECT_THAT(read_documents("aozora", "夜※［＃「船＋灯」、12-3］《よ［＃「よ」に傍点］る》", {.ruby = "reading"}),
              ElementsAre("よる"));
  EXPECT_THAT(read_documents("aozora", "カモメ《とり》たち《x》ら・ABC《エー》ー", {.ruby = "reading"}),
              ElementsAre("とりxら・エーー"));
}

const std::string kLegend =
    "-------------------------------------------------------\r\n【テキスト中に現れる記号について】\r\n\r\n"
    "《》：ルビ\r\n（例）岬《みさき》\r\n-------------------------------------------------------\r\n";
const std::string kColophon =
    "底本：「岬の話」潮書房\r\n　　　1950（昭和25）年1月発行\r\n入力：だれか\r\n校正：だれか\r\n\r\n青空文庫作成ファイ"
    "ル：\r\n"
    "このファイルは、\r\n";

TEST(AozoraFormat, HeaderAndColophon_GoWithTheBlankLinesBesideThem) {
  FormatReport report;
  const std::string text =
      "岬\r\n作者\r\n\r\n" + kLegend +
      "\r\n［＃改ページ］\r\n　岬《みさき》。\r\n\r\n［＃ここから２字下げ］\r\n灯。\r\n\r\n\r\n\r\n" + kColophon;
  EXPECT_THAT(read_documents("aozora", text, {}, &report), ElementsAre("　岬。\n\n灯。\n"));
  EXPECT_EQ(report.headers, 1);
  EXPECT_EQ(report.footers, 1);
  EXPECT_EQ(report.notes, 2);
  EXPECT_EQ(report.ruby, 1);
}

TEST(AozoraFormat, WithoutLegend_TitleStaysAndColophonGoes) {
  FormatReport report;
  EXPECT_THAT(read_documents("aozora", "岬\n作者\n\n灯。\n\n" + kColophon, {}, &report),
              ElementsAre("岬\n作者\n\n灯。\n"));
  EXPECT_EQ(report.headers, 0);
  EXPECT_EQ(report.footers, 1);
}

TEST(AozoraFormat, WhatOnlyLooksLikeFrame_Stays) {
  const std::string rules = "--------------------\n章\n--------------------\n文。\n";
  EXPECT_THAT(read_documents("aozora", rules), ElementsAre(rules));
  FormatReport report;
  std::string text = "書誌の話。\n\n底本：と書く欄がある。\n";
  for (int i = 0; i < 30; ++i) text += "その続き。\n";
  EXPECT_THAT(read_documents("aozora", text, {}, &report), ElementsAre(text));
  EXPECT_THAT(read_documents("aozora", text + "\n" + kColophon, {}, &report), ElementsAre(text));
  EXPECT_EQ(report.footers, 1);
  for (int i = 0; i < 10000; ++i) text += "長い続き。\n";
  EXPECT_THAT(read_documents("aozora", text), ElementsAre(text));
}

TEST(AozoraFormat, LastSectionWithoutMarks_GoesOnlyWhenItIsSetLikeAColophon) {
  const std::string prose = "灯。\n\n底本：と書く人がいた。\n　その話をしよう。\n\nおわり。\n";
  EXPECT_THAT(read_documents("aozora", prose), ElementsAre(prose));
  EXPECT_THAT(read_documents("aozora", "灯。\n\n底本：「岬の話」潮書房\n　　　1950（昭和25）年1月発行\n初出：「潮」\n"),
              ElementsAre("灯。\n"));
}

const std::string kClosing =
    "青空文庫作成ファイル：\nこのファイルは、青空文庫で作られました。制作にあたったのは、ボランティアの皆さんです。\n";

TEST(AozoraFormat, SeveralWorksInAFile_AreDocumentsOfTheirOwn) {
  const std::string first = "岬\n作者\n\n" + kLegend + "\n　岬《みさき》。\n\n";
  const std::string second = "灯\n作者\n\n" + kLegend + "\n　灯《ひ》。\n\n" + kColophon;
  for (const std::string& colophon :
       {kColophon, kColophon + kClosing + "\n\n", std::string("底本：「岬」潮書房\n\n")}) {
    FormatReport report;
    EXPECT_THAT(read_documents("aozora", first + colophon + second, {}, &report), ElementsAre("　岬。\n", "　灯。\n"))
        << colophon;
    EXPECT_EQ(report.headers, 2);
    EXPECT_EQ(report.footers, 2);
    EXPECT_EQ(report.behind_footers, 0);
  }
  FormatReport report;
  EXPECT_THAT(read_documents("aozora", "灯。\n\n" + kColophon + kClosing + second, {}, &report),
              ElementsAre("灯。\n", "　灯。\n"));
  EXPECT_EQ(report.footers, 2);
}

TEST(AozoraFormat, TextBehindAColophonOrBeforeATitle_Stays) {
  const std::string work = "岬\n作者\n\n" + kLegend + "\n　岬《みさき》。\n\n" + kColophon + kClosing;
  FormatReport report;
  EXPECT_THAT(read_documents("aozora", work + "\n自分のメモ。\n", {}, &report),
              ElementsAre("　岬。\n", "自分のメモ。\n"));
  EXPECT_EQ(report.behind_footers, 1);
  EXPECT_THAT(read_documents("aozora", work + "\n\n自分のメモ。\n\n" + work),
              ElementsAre("　岬。\n", "自分のメモ。\n", "　岬。\n"));
  EXPECT_THAT(read_documents("aozora", "はじめに\n\n" + work), ElementsAre("はじめに\n", "　岬。\n"));
  // Without its last line a colophon ends with what is set like one.
  EXPECT_THAT(read_documents("aozora", "岬。\n\n底本：「岬」潮書房\n入力：だれか\n1999年9月13日公開\n\nメモ。\n"),
              ElementsAre("岬。\n", "メモ。\n"));
  std::string story;
  while (story.size() < (size_t{1} << 17)) story += "　長い話が続く。\n";
  EXPECT_THAT(read_documents("aozora", work + "\n" + story), ElementsAre("　岬。\n", story));
}

TEST(AozoraFormat, RemarksBehindTheMarks_GoWithTheColophon) {
  const std::string colophon = "底本：「岬」潮書房\n監修者　だれか（故人）\n入力：だれか\n2016年6月10日作成\n" +
                               kClosing +
                               "\n●表記について\n\n・このファイルは W3C 勧告にそった形式で作成されています。\n";
  FormatReport report;
  EXPECT_THAT(read_documents("aozora", "岬。\n\n" + colophon, {}, &report), ElementsAre("岬。\n"));
  EXPECT_EQ(report.behind_footers, 0);
}

TEST(AozoraFormat, SeparatorBehindAColophon_IsFound) {
  const std::string work = "岬\n作者\n\n" + kLegend + "\n　岬《みさき》。\n\n" + kColophon;
  FormatReport report;
  EXPECT_THAT(read_documents("aozora", work + "<sep>\n" + work, {.doc_sep = "<sep>\n"}, &report),
              ElementsAre("　岬。\n", "　岬。\n"));
  EXPECT_EQ(report.separators, 1);
  EXPECT_EQ(report.headers, 2);
}

TEST(AozoraFormat, LegendThatTellsOfAccents_HasThemComposed) {
  const std::string legend =
      "--------------------\n【テキスト中に現れる記号について】\n〔〕：アクセント分解された欧文\n--------------------"
      "\n";
  FormatReport report;
  EXPECT_THAT(read_documents("aozora", legend + "〔Cafe' de la Ge'ode〕で〔n~ AE& o/〕と〔x'と中〕", {}, &report),
              ElementsAre("Café de la Géodeでñ Æ øと〔x'と中〕"));
  EXPECT_EQ(report.accents, 5);
}

TEST(AozoraFormat, LegendThatTellsOfRepeatMarks_HasThemComposed) {
  const std::string legend =
      "--------------------\n【テキスト中に現れる記号について】\n／＼：二倍の踊り字\n--------------------\n";
  FormatReport report;
  EXPECT_THAT(read_documents("aozora", legend + "いろ／＼な人がほの／″＼と／見る", {}, &report),
              ElementsAre("いろ〳〵な人がほの〴〵と／見る"));
  EXPECT_EQ(report.repeat_marks, 2);
  EXPECT_THAT(read_documents("aozora", "岬\n" + kLegend + "\n山／＼山《やま》"), ElementsAre("山／＼山"));
}

TEST(AozoraFormat, OnlyFrame_HasNoDocument) {
  EXPECT_THAT(read_documents("aozora", "岬\n" + kLegend + "\n" + kColophon), IsEmpty());
}

TEST(AozoraFormat, AnyCut_GivesTheSameDocuments) {
  const std::string text = "岬\r\n\r\n" + kLegend +
                           "　｜岬《みさき》※［＃「x」、第3水準1-14-13］\r\n\r\n［＃改丁］\r\n〔cafe'〕《\n\n" +
                           kColophon;
  for (const char* const ruby : {"strip", "keep", "reading"}) {
    expect_cuts_do_not_matter("aozora", text, {.ruby = ruby});
    expect_cuts_do_not_matter("aozora", text, {.ruby = ruby, .blank_lines = true});
  }
  expect_cuts_do_not_matter("aozora", text + "メモ\n\n" + text, {.doc_sep = "メモ\n"});
}

TEST(AozoraFormat, NotesThatNeverClose_AreCounted) {
  FormatReport report;
  EXPECT_THAT(read_documents("aozora", "灯［＃改ページ\n岬［＃注］。\n", {}, &report),
              ElementsAre("灯［＃改ページ\n岬。\n"));
  EXPECT_EQ(report.open_notes, 1);
  EXPECT_EQ(report.notes, 1);
}

TEST(AozoraFormat, MarkupThatNeverCloses_StaysAsItIs) {
  for (const std::string opening : {"｜", "［＃", "《", "岬《", "※［＃", "〔", "［＃［］", "｜a《"}) {
    std::string text;
    while (text.size() < (size_t{3} << 20)) text += opening;
    const std::vector<std::string> documents = read_documents("aozora", text);
    ASSERT_EQ(documents.size(), 1u) << opening;
    EXPECT_EQ(documents[0].size() == text.size(), opening != "［＃［］") << opening;
  }
}

}  // namespace
}  // namespace fude
