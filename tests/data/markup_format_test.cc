// Markdown and HTML reduced to text.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "data/formats/html_text.h"
#include "data/formats/markdown_cost.h"
#include "data/read_documents.h"
#include "fude/base/error.h"

namespace fude {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct Row {
  std::string name;
  std::string markup;
  std::string text;
};
class MarkdownTable : public testing::TestWithParam<Row> {};
class HtmlTable : public testing::TestWithParam<Row> {};

TEST_P(MarkdownTable, Markup_LeavesText) {
  EXPECT_THAT(read_documents("markdown", GetParam().markup), ElementsAre(GetParam().text));
}
TEST_P(HtmlTable, Markup_LeavesText) {
  EXPECT_THAT(read_documents("html", GetParam().markup), ElementsAre(GetParam().text));
}

INSTANTIATE_TEST_SUITE_P(
    Markup, MarkdownTable,
    testing::Values(
        Row{"Paragraphs", "# Tide *table*\n\nThe `low  water`\nis **late**.\n\nNext.\n",
            "Tide table\n\nThe low  water is late.\n\nNext.\n"},
        Row{"LinesOfJapanese", "潮が\n引く。\nABC\nと", "潮が引く。 ABC と\n"},
        Row{"IndentOfJapanese", "　潮が引く。\n", "　潮が引く。\n"},
        Row{"HardBreak", "one\\\ntwo  \nthree", "one\ntwo\nthree\n"},
        Row{"TightList", "Buy:\n\n- rope\n- *lamp*\n  1. wick\n  2. oil\n\nEnd\n",
            "Buy:\n\nrope\nlamp\n1. wick\n2. oil\n\nEnd\n"},
        Row{"LooseList", "- rope\n\n- lamp\n\n  bright\n", "rope\nlamp\nbright\n"},
        Row{"NumbersOfLists", "7) a\n\n8) b\n\n   - c\n9) - d\n\nx\n\n1. ```\n   e\n   ```\n2. 3. f\n",
            "7) a\n8) b\nc\n9) d\n\nx\n\n1. e\n2. 3. f\n"},
        Row{"YearsAtTheStart", "1986. What a season.\n\n1990.\n      *The* next.\n\n1995. **End**.\n\n1996.",
            "1986. What a season.\n1990. The next.\n1995. End.\n1996.\n"},
        Row{"ItemsCountedByTheReader", "1. a\n1. 5. b\n   5. c\n1. d\n", "1. a\n2. 5. b\n6. c\n3. d\n"},
        Row{"Code", "Run:\n\n```sh\nmake  all\n\n  ls\n```\nDone", "Run:\n\nmake  all\n\n  ls\n\nDone\n"},
        Row{"LinksAndImages", "See [the *pier*](x.html \"t\"), <http://a.b> ![alt text](i.png)!",
            "See the pier, http://a.b !\n"},
        Row{"Entities", "&lt;tag&gt; caf&eacute; &#x732B; &nosuch;", "<tag> caf\u00E9 \u732B &nosuch;\n"},
        Row{"Table", "|a|b|\n|---|---|\n|1| |\n|2|*3*|\n\nx", "a\tb\n1\t\n2\t3\n\nx\n"},
        Row{"Quote", "> low\n> water\n\n---\nx", "low water\n\n* * *\n\nx\n"},
        Row{"RulesBetweenScenes", "***\n\n# One\n\na\n\n* * *\n___\n\nb\n\n<hr>\n\n- c\n\n***\n",
            "One\n\na\n\n* * *\n\nb\n\n* * *\n\nc\n"},
        Row{"HtmlInside", "A <b>b</b><br>c\n\n<div>\n  <p>In &amp; out\n</div>\n\n<script>\nvar x;\n\n</script>\n\nd",
            "A b\nc\n\nIn & out\n\nd\n"},
        Row{"CommentWithoutEnd", "Para\n\n<!-- open\n\nkept\n\nMore\n", "Para\n\n<!-- open kept More\n"},
        Row{"FrontMatter", "---\ntitle: Tide\ntags: [a]\n---\n\nText\n", "Text\n"},
        Row{"FrontMatterToml", "+++\r\ntitle = 'Tide'\r\n+++\r\nText\r\n", "Text\n"},
        Row{"RuleIsNoFrontMatter", "---\nA tale, in short: two\n\n---\n\nText\n",
            "A tale, in short: two\n\n* * *\n\nText\n"},
        Row{"FrontMatterOfManyLines",
            "---\nlong-title: Tide\ndate created: 2020\ntags:\n- a\n- b\n\n# note\nurl: http://a.b\nlong: >\n  of "
            "two\n  "
            "lines\n"
            "---\nText\n",
            "Text\n"},
        Row{"ProseIsNoFrontMatter", "---\nNote: the tide.\n\nIt turned at six.\n\n---\n\nText\n",
            "Note: the tide.\n\nIt turned at six.\n\n* * *\n\nText\n"},
        Row{"PlayIsNoFrontMatter", "---\nANNA: Come in.\n\nBORIS: No.\n\n---\n\nText\n",
            "ANNA: Come in.\n\nBORIS: No.\n\n* * *\n\nText\n"},
        Row{"RubyInLines", "The <RUBY>岬<rp>(</rp><rt>みさき</rt><rp>)</rp></RUBY>の灯", "The 岬の灯\n"},
        Row{"RubyNotClosed", "岬<rt>みさき\n\nの灯", "岬\n\nの灯\n"},
        Row{"BreakTags", "a<BR>b<br />c<broken>d", "a\nb\ncd\n"},
        Row{"FrontMatterNotClosed", "---\ntitle: x\n\nText\n", "title: x\n\nText\n"},
        Row{"EmphasisWithoutSpaces",
            "これと**「強調」**した。**重要。**だから*（注）*も、**「二\n行」**も。\n\n**「太字」**は`と**「x」**`と"
            "\\*\\*「y」\\*\\* **z**",
            "これと「強調」した。重要。だから（注）も、「二行」も。\n\n「太字」はと**「x」**と**「y」** z\n"},
        Row{"EmphasisInKorean", "이것은 **'강조'**를 한다.", "이것은 '강조'를 한다.\n"},
        Row{"AsterisksThatAreNone", "- 2*（3）\n- 二*「三」*四*「五\n\nx\n\n    と**「強調」**した\n",
            "2*（3）\n二「三」四*「五\n\nx\n\nと**「強調」**した\n"},
        Row{"Math", R"(It is $5 and $x_1$, \$6 or \{*$\{a\\b*c*\}$*\}. $$\alpha\,\!$$ costs (US$7) or $8*9*$1.)",
            R"(It is $5 and $x_1$, $6 or {$\{a\\b*c*\}$}. $$\alpha\,\!$$ costs (US$7) or $89$1.)"
            "\n"},
        Row{"MathOfManyLines", "Then $$\na\\\\_b_\n  \\{1\\}$$ and\n$a\nb$ $$\n\nc *d* $$",
            "Then $$a\\\\_b_ \\{1\\}$$ and $a b$ $$\n\nc d $$\n"},
        Row{"DollarsInCodeAndLinks",
            "`$5` [$6](x/$7 \"$8\") <b title='$0'>9</b> <http://a.b/$1>\n\n    $2\n\n<p>$3</p>\n",
            "$5 $6 9 http://a.b/$1\n\n$2\n\n$3\n"},
        Row{"MathInJapanese", R"(速さ$\|v\|$は`$\{$`と$\{$、$5円の$6と$ 7$。)",
            R"(速さ$\|v\|$は$\{$と$\{$、$5円の$6と$ 7$。)"
            "\n"},
        Row{"BarInCodeOfACell", "|a|\n|-|\n|`x\\|y` z\\|w|\n\n`x\\|y`\n", "a\nx|y z|w\n\nx\\|y\n"},
        Row{"SurplusCells", "|a|b|\n|-|-|\n1|2|3 | *4*|\n`5|6`|7\\|8|9\n1| |||\n\n1|2|3\n",
            "a\tb\n1\t2|3 | 4\n5|6\t7|8|9\n1\t\n\n1|2|3\n"},
        Row{"SurplusCellsOfTheHeading",
            "> - | a | b | c\n>   |:--|--:|\n>   |x|[y](z)|w\n\n```\na|b\n-|-\n1|2|3\n```\n",
            "a\tb | c\nx\ty|w\n\na|b\n-|-\n1|2|3\n"},
        Row{"BarsInFormulas", "|a|b|c|\n|-|-|-|\n|$|x|$|$P(A|B)$|2|$|$|\n|1|2|$y|z$|\n",
            "a\tb\tc\n$|x|$\t$P(A|B)$\t2|$|$\n1\t2\t$y|z$\n"},
        Row{"DollarsThatAreNoFormula",
            "US$, [a](b) *c* A$. K$h [a](b) *c* $P. $a\\\n*b* c$\n\n|$AB|$CD|\n|--|--|\n|US$|CA$|\n\n- $$\n- *b* "
            "[x](y) $$\n",
            "US$, a c A$. K$h a c $P. $a\nb c$\n\n$AB\t$CD\nUS$\tCA$\n\n$$\nb x $$\n"},
        Row{"TablesAndFences", "~~~\n|a|b|\n|-|-|\n$$\n~~~\n|a|b|c|\n|-|-|-|\n|1|*2*|3\n\n$$\n* x\n* y\n$$\n",
            "|a|b|\n|-|-|\n$$\n\na\tb\tc\n1\t2\t3\n\n$$\n\nx\ny $$\n"},
        Row{"TablesBesideOtherBlocks",
            "x\n|a|b|\n|-|-|\n|1|2|3\n# H|4|5\n|a|b|\n|-|-|\n```\n|6|7|8\n```\n|a|b|\n|-|-|\n|9|0\n\n    |a|b|c|\n    "
            "|-|-|-|\n|a|b|\n|-|-|\n|1|2|3|4\n",
            "x\n\na\tb\n1\t2|3\n\nH|4|5\n\na\tb\n\n|6|7|8\n\na\tb\n9\t0\n\n|a|b|c|\n|-|-|-|\n\na\tb\n1\t2|3|4\n"},
        Row{"MarksInRows", "|a|b|\n|-|-|\n    > |1|2|\n    - |3|4|\n", "a\tb\n>\t1|2\n-\t3|4\n"},
        Row{"SurplusDefinition", "|a|b|\n|-|-|\n1|2|[x]: y\n\n[x]\n", "a\tb\n1\t2|[x]: y\n\n[x]\n"}),
    [](const auto& row) { return row.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Markup, HtmlTable,
    testing::Values(
        Row{"Page",
            "<!DOCTYPE html><html><head><meta "
            "charset=\"Shift_JIS\"><title>Tide</title><style>p{}</style></head>\n<body>\n<nav><a>Home</a></"
            "nav>\n<h1>Tide  table</h1>\n<p>The low\n water</p><p>is late.\n<!-- no -->\n<script>if (a < b) "
            "x();</script></body></html>",
            "Tide table\n\nThe low water\n\nis late.\n"},
        Row{"Inline", "a<b>b</b> <i> c</i>d", "ab cd\n"},
        Row{"Entities", "&lt;p&gt; caf&eacute;&#x732B;&#29483;&nosuch;&amp;", "<p> caf\u00E9\u732B\u732B&nosuch;&\n"},
        Row{"Quotation", "<p>She said <q>low tide</q>.", "She said “low tide”.\n"},
        Row{"Japanese", "<p>　潮が\n引く。</p>\n<div>満ちる</div>", "　潮が引く。\n\n満ちる\n"},
        Row{"Breaks", "one<br>two<br/><br>three", "one\ntwo\n\nthree\n"},
        Row{"Lists", "<p>Buy<ul><li>rope<li><p>lamp</p><ol><li>wick</ol></ul>End",
            "Buy\n\nrope\nlamp\n1. wick\n\nEnd\n"},
        Row{"NumberedLists",
            "<ol>\n<li> <p>salt</p></li>\n<li></li><li>oil<ul><li>warm</ul><li "
            "value=7>bread<li><ol><li></li><li>rye</ol></ol>"
            "<ol start=\" +3\"><li><b>a</b></ol><ol type=a><li>b</ol><ol reversed><li>c</ol><li>d</ol></ol><li>e",
            "1. salt\n3. oil\nwarm\n7. bread\n8. 2. rye\n\n3. a\n\nb\n\nc\n\nd\ne\n"},
        Row{"Table", "<table><tr><th>a<th>b<tr><td>1<td></table>x", "a\tb\n1\t\n\nx\n"},
        Row{"TableOfParagraphs",
            "x<table><tr><td><p>a</p></td><td> <p>b</p><p>c</td></tr><tr><td></td><td><div>d</div>\n</td></table>y",
            "x\n\na\tb\n\nc\n\td\n\ny\n"},
        Row{"WordsDeclarations",
            "<xml><w:View>Normal</w:View></xml><!--[if gte mso 9]>x<![endif]--><p><![if !supportLists]>1. "
            "<![endif]>First</p><!--[if !mso]><!--><p>Second <! > <!b <i>c</i></p><!--<![endif]-->",
            "1. First\n\nSecond <! > <!b c\n"},
        Row{"CharacterData", "<p>a <![CDATA[b <i>c</i> > d]]> e]]> <![CDATA[f</p>", "a b c > d e]]> <![CDATA[f\n"},
        Row{"ReferencesThatAreNone", "A &# B &#x C &#; D &#xZZ; E &", "A &# B &#x C &#; D &#xZZ; E &\n"},
        Row{"ReferencesWithoutSemicolon", "<p title='&copy'>Q&amp A &copy2 &ltb&gt &notit; &notin; &Agrave&#65 &para",
            "Q& A ©2 <b> ¬it; ∉ ÀA ¶\n"},
        Row{"NamesThatWantASemicolon", "AT&T &alpha &apos &nosuch &;", "AT&T &alpha &apos &nosuch &;\n"},
        Row{"NamesOfHtml5", "&check; &lbrack;x&rbrack; &quest;&NewLine;&fjlig; &LT;b&GT; &AMP;lt; &nabla;",
            "✓ [x] ? fj <b> &lt; ∇\n"},
        Row{"Verbatim", "<p>Run<pre>make  all\n\n  ls\n</pre>done", "Run\n\nmake  all\n\n  ls\n\ndone\n"},
        Row{"Ruby", "<ruby><rb>岬</rb><rp>（</rp><rt>みさき</rt><rp>）</rp></ruby>の灯", "岬の灯\n"},
        Row{"UnknownTags", "<main><x-y>tide</x-y></main><section>turned</section>", "tide\n\nturned\n"},
        Row{"ReferencesToNoCharacter", "a&#xD800;b&#0;c&#x110000;d&#99999999999999;e",
            "a\uFFFDb\uFFFDc\uFFFDd\uFFFDe\n"},
        Row{"QuoteWithoutEnd", "<p>one</p>\n<p>two <a id='x' href=\"http://x>link</a> &amp; three</p>\n<p>four</p>",
            "one\n\ntwo link & three\n\nfour\n"},
        Row{"QuoteThatEndsMuchLater",
            "<p>two <a href=\"x>link</a> three</p>\n<p>four <a href=\"y\">five</a></p><i title=\"<b>\n</b>\" "
            "b='a>b'>six</i>",
            "two link three\n\nfour five\n\nsix\n"},
        Row{"Programs", "<?xml version=\"1.0\"?>a<?php if (b > c) { ?>d<? e", "ad<? e\n"},
        Row{"CommentWithoutEnd", "<p>a</p><!-- b --><p>c <!-- d</p><p>e <!-- f</p>", "a\n\nc <!-- d\n\ne <!-- f\n"},
        Row{"OldReferences", "it&#146;s &#x97; &#129;&#233; &#128", "it’s — \u0081é €\n"},
        Row{"ButtonNotClosed", "<p>one <button>two<p>three", "one two\n\nthree\n"},
        Row{"DrawingClosedInItself", "a<svg/>b<SVG><text>no</text></SVG>c", "abc\n"},
        Row{"HeadNotClosed", "<html><head><title>t</title><main>tide</main>", "tide\n"},
        Row{"NotHtmlAtAll", "1 < 2 && 3 > 2", "1 < 2 && 3 > 2\n"}),
    [](const auto& row) { return row.param.name; });

TEST(HtmlFormat, TagsOfNoKnownName_AreCounted) {
  FormatReport report;
  EXPECT_THAT(read_documents("html", "<p>Ann <ann@example.org> <mark>hi</mark> <o:p>x</o:p><x-y>z</x-y><font>f</font>",
                             {}, &report),
              ElementsAre("Ann hi xzf\n"));
  EXPECT_EQ(report.unknown_tags, 1);
  EXPECT_THAT(read_documents("markdown", "Log:\n\n<Bob>\n\nhi\n", {}, &report), ElementsAre("Log:\n\nhi\n"));
  EXPECT_EQ(report.unknown_tags, 2);
  EXPECT_THAT(read_documents("markdown", "<Anna> hi<!-- x --> <b>you</b> <br>\n", {}, &report),
              ElementsAre("hi you\n"));
  EXPECT_EQ(report.unknown_tags, 3);
}

TEST(HtmlFormat, Ruby_IsKeptOrTakenInPlaceOfItsBase) {
  const std::string html = "<ruby>岬<rp>(</rp><rt>みさき</rt><rp>)</rp></ruby>の灯";
  FormatReport report;
  EXPECT_THAT(read_documents("html", html, {.ruby = "keep"}, &report), ElementsAre("岬《みさき》の灯\n"));
  EXPECT_THAT(read_documents("html", html, {.ruby = "reading"}, &report), ElementsAre("みさきの灯\n"));
  EXPECT_THAT(read_documents("markdown", "x " + html, {.ruby = "keep"}, &report), ElementsAre("x 岬《みさき》の灯\n"));
  EXPECT_THAT(read_documents("markdown", "x " + html, {.ruby = "reading"}, &report), ElementsAre("x みさきの灯\n"));
  EXPECT_EQ(report.ruby, 4);
  EXPECT_EQ(report.ruby_kept, 2);
  EXPECT_EQ(report.ruby_in_place, 2);
}

TEST(MarkupFormats, RubyWithoutItsEndTags_LosesNoText) {
  const auto read = [](const std::string& format, const std::string& markup, const std::string& ruby) {
    return read_documents(format, markup, {.ruby = ruby}).at(0);
  };
  for (const std::string format : {"markdown", "html"}) {
    for (const std::string ruby :
         {"漢字<rt>かんじ", "漢字<rp>(<rt>かんじ<rp>)", "漢字<rp>(</rp><rt>かんじ<rp>)</rp>"}) {
      const std::string markup = "この<ruby>" + ruby + "</ruby>を読む。残る。\n";
      EXPECT_EQ(read(format, markup, "strip"), "この漢字を読む。残る。\n") << format << ruby;
      EXPECT_EQ(read(format, markup, "keep"), "この漢字《かんじ》を読む。残る。\n") << format << ruby;
      EXPECT_EQ(read(format, markup, "reading"), "このかんじを読む。残る。\n") << format << ruby;
    }
    const std::string open = format == "html" ? "<p>字<rt>じ<p>残る" : "字<rt>じ\n\n残る";
    EXPECT_EQ(read(format, open, "strip"), "字\n\n残る\n");
    EXPECT_EQ(read(format, open, "keep"), "字《じ》\n\n残る\n");
    EXPECT_EQ(read(format, "<ruby>漢<rt>かん</rt>字<rt>じ</rt></ruby>だ", "keep"), "漢《かん》字《じ》だ\n");
  }
}

TEST(MarkdownFormat, DefinitionsThatNoLinkUses_AreText) {
  const auto read = [](const std::string& markup, int64_t definitions) {
    FormatReport report;
    const std::vector<std::string> documents = read_documents("markdown", markup, {}, &report);
    EXPECT_EQ(report.link_definitions, definitions) << markup;
    return documents.empty() ? "" : documents[0];
  };
  EXPECT_EQ(read("本文[^1]。\n\n[^1]: 大切な注。\n[^a b]: x\n", 0), "本文[^1]。\n\n[^1]: 大切な注。\n[^a b]: x\n");
  EXPECT_EQ(read("[Anna]: Hallo!\n\n> - [Bert]:\n>   Ja\n\n[x\ny]: z\n", 0),
            "[Anna]: Hallo!\n\n[Bert]: Ja\n\n[x y]: z\n");
  EXPECT_EQ(read("- [ ] [Anna]: Hallo!\n- [x]: y\n", 0), "[Anna]: Hallo!\n[x]: y\n");
  EXPECT_EQ(read("See [the pier][P  q] and [Ö].\n\n[p Q]: a.html\n[ö]: <b> 'c'\n", 2), "See the pier and Ö.\n");
  EXPECT_EQ(read("1. [Anna]: Hallo!\n   [Bert]: Ja\n", 0), "1. [Anna]: Hallo!\n[Bert]: Ja\n");
  // Of two with the same label the second is no definition.
  EXPECT_EQ(read("[Anna]: Hallo!\n\n[Anna]: Wer?\n\n[Anna] lacht.\n", 1), "[Anna]: Wer?\n\nAnna lacht.\n");
  // The way to write a comment.
  EXPECT_EQ(read("a\n\n[//]: # (to do)\n\n[comment]: <> \"to do\"\n", 2), "a\n");
  // What is no definition stays as it was.
  EXPECT_EQ(read("```\n[a]: b\n```\n\n    [c]: d\n\n<pre>x\n[e]: f\n</pre>\n\n`x\n[g]: h`\n", 0),
            "[a]: b\n\n[c]: d\n\nx\n[e]: f\n\nx [g]: h\n");
  EXPECT_EQ(read("[a] \\[b] [c\n\n[b]: it is late\n[", 0), "[a] [b] [c\n\n[b]: it is late [\n");
}

TEST(MarkupFormats, WhatIsRemoved_IsCounted) {
  FormatReport report;
  read_documents("html", "<nav><nav>x</nav></nav><script>y</script>z<img src=a>", {}, &report);
  EXPECT_EQ(report.elements, 2);
  EXPECT_EQ(report.images, 1);
  read_documents("html", "a<!-- b --><!--c-->d<script>e<p>f</p>", {}, &report);
  EXPECT_EQ(report.comments, 2);
  EXPECT_EQ(report.open_elements, 1);
  EXPECT_EQ(report.elements, 2);
  read_documents("markdown", "---\na: b\n---\n![x](y) <i>z</i>\n", {}, &report);
  EXPECT_EQ(report.front_matter, 1);
  EXPECT_EQ(report.images, 2);
  EXPECT_EQ(report.tags, 2);
}

TEST(HtmlFormat, ImagesThatAreCharacters_AreText) {
  FormatReport report;
  EXPECT_THAT(read_documents("html",
                             "葉を<img src=\"1.png\" alt=\"※(「てへん＋劣」、第3水準1-84-77)\" class=\"gaiji\" />ぎ"
                             "<img class=gaiji alt=\"※(「魚」の変形)\">\u3000<img alt=\"\U0001F41F\">"
                             "<img alt=\"a fish\"><img src=x><img alt>",
                             {}, &report),
              ElementsAre("葉を挘ぎ〓\u3000\U0001F41F\n"));
  EXPECT_EQ(report.gaiji, 1);
  EXPECT_EQ(report.unknown_gaiji, 1);
  EXPECT_EQ(report.images, 3);
}

TEST(HtmlFormat, AozoraPage_IsTheWork) {
  FormatReport report;
  EXPECT_THAT(
      read_documents(
          "html",
          "<html><head><title>著者 潮</title></head><body>\n<div class=\"metadata\">\n<h1 class=\"title\">潮</h1>\n"
          "<h2 class=\"author\">著者</h2>\n</div>\n<div id=\"contents\" style=\"display:none\"></div>"
          "<div class=\"main_text\"><br />\n　葉を※<span "
          "class=\"notes\">［＃「てへん＋劣」、第3水準1-84-77］</span>ぐ。<br />\n"
          "　※<span class=\"notes\">［＃「魚」の変形］</span>がゐる<span class=\"notes\">［＃「ゐる※<span "
          "class=\"notes\">［＃「魚」］</span>」はママ］</span>。"
          "<span class=\"notes\">［＃</span>※<br />\n</div>\n<div class=\"bibliographical_information\">\n<hr />\n"
          "底本：「海」<div>入力：某</div></div>\n<div class=\"notation_notes\"><ul><li>表記</li></ul></div>\n"
          "<div id=\"card\"><a href=\"#\">●図書カード</a></div></body></html>\n",
          {}, &report),
      ElementsAre("　葉を挘ぐ。\n　〓がゐる。［＃※\n"));
  EXPECT_EQ(report.headers, 1);
  EXPECT_EQ(report.footers, 3);
  EXPECT_EQ(report.notes, 1);
  EXPECT_EQ(report.open_notes, 1);
  EXPECT_EQ(report.gaiji, 1);
  EXPECT_EQ(report.unknown_gaiji, 1);
  EXPECT_THAT(read_documents("html",
                             "<div class=\"metadata\">a<div class=\"main_text\">b</div>"
                             "<div class=\"bibliographical_information\">c</div></div>"),
              ElementsAre("a\nb\nc\n"));
  // Another page's parts of these names are its text.
  EXPECT_THAT(read_documents("html", "<div class=\"metadata\">a</div><div id=\"card\">b</div>", {}, &report),
              ElementsAre("a\nb\n"));
}

TEST(MarkupFormats, NothingLeft_IsNoDocument) {
  EXPECT_THAT(read_documents("html", "<script>x</script> \n"), IsEmpty());
  EXPECT_THAT(read_documents("html", ""), IsEmpty());
  EXPECT_THAT(read_documents("markdown", "---\na: b\n---\n"), IsEmpty());
  EXPECT_THAT(read_documents("markdown", ""), IsEmpty());
}

TEST(MarkupFormats, BlankLines_DivideBlocksIntoDocuments) {
  EXPECT_THAT(read_documents("markdown", "# a\nb\n- c\n", {.blank_lines = true}), ElementsAre("a\n", "b\n", "c\n"));
}

TEST(MarkupFormats, Nuls_BecomeReplacementCharacters) {
  using namespace std::string_literals;
  EXPECT_THAT(read_documents("html", "a\0b"s), ElementsAre("a\uFFFDb\n"));
  EXPECT_THAT(read_documents("markdown", "a\0b"s), ElementsAre("a\uFFFDb\n"));
}

TEST(MarkupFormats, DeepNesting_IsAnErrorOrText) {
  const auto repeated = [](const std::string& text, size_t bytes) {
    std::string many;
    while (many.size() < bytes) many += text;
    return many;
  };
  EXPECT_THROW(read_documents("html", repeated("<div>", 1 << 20)), FormatError);
  EXPECT_THROW(read_documents("markdown", "x\n\n" + repeated("<div>", 1 << 20) + "\n"), FormatError);
  EXPECT_NO_THROW(read_documents("html", repeated("</b>", 1 << 20)));
  for (const std::string opening : {">", "- ", "[", "![", "*", "`", "<", "&", "|", "1. "})
    EXPECT_NO_THROW(read_documents("markdown", repeated(opening, 1 << 15))) << opening;
}

// What the parsers would take hours or gigabytes for.
TEST(MarkupFormats, SmallFilesOfGreatCost_AreErrors) {
  std::string columns, attributes;
  for (int k = 0; k < 20000; ++k) columns += "a|", attributes += " a" + std::to_string(k);
  std::string table = columns + "\n";
  for (int k = 0; k < 20000; ++k) table += "---|";
  table += "\n";
  for (int k = 0; k < 20000; ++k) table += "a|\n";
  EXPECT_THROW(read_documents("markdown", table), FormatError);
  EXPECT_THROW(read_documents("html", "<p" + attributes + ">x"), FormatError);
  EXPECT_THROW(read_documents("html", "<!-- <script> --><p x='<script>' " + attributes + ">x"), FormatError);
  EXPECT_THROW(read_documents("markdown", "x\n\n<p" + attributes + ">x</p>\n"), FormatError);
}

TEST(MarkupFormats, MarkdownOfGreatCost_IsAnErrorThatSaysWhy) {
  EXPECT_EQ(excess_of_markdown(std::string(70'000, '|')), "a table of more than 65535 columns");
  EXPECT_EQ(excess_of_markdown(std::string(1 << 20, '>')), "blocks nested deeper than 100000 levels");
  EXPECT_THROW(read_documents("markdown", std::string(1 << 20, '>')), FormatError);
  const auto lines = [](const std::string& line) {
    std::string text;
    for (int k = 0; k < 200000; ++k) text += line;
    return text;
  };
  EXPECT_THAT(excess_of_markdown(lines("[a]\n")), testing::HasSubstr("lines and brackets"));
  EXPECT_THAT(excess_of_markdown(lines("> [a]\n")), testing::HasSubstr("lines and brackets"));
  EXPECT_THAT(excess_of_markdown(lines("    - [a]\n")), testing::HasSubstr("lines and brackets"));
  for (const std::string usual : {"a\n", "- [a](b)\n", "  * [a](b)\n", "[a](b)\n\n", "[a](b)\n \r\n"})
    EXPECT_EQ(excess_of_markdown(lines(usual)), "") << usual;
}

TEST(MarkupFormats, WhatOnlyLooksCostly_IsRead) {
  std::string words;
  for (int k = 0; k < 20000; ++k) words += " w" + std::to_string(k);
  EXPECT_THAT(read_documents("html", "<SCRIPT>if (i<n) [" + words + "]</script>a<p title=\"" + words + "\">b"),
              ElementsAre("a\n\nb\n"));
  EXPECT_THAT(read_documents("html", "<!-- <p" + words + "-->a < b" + words + "<br/>"),
              ElementsAre("a < b" + words + "\n"));
  EXPECT_THAT(read_documents("markdown", "a|b|c\n---|---|---\n1|\n"), ElementsAre("a\tb\tc\n1\t\t\n"));
  EXPECT_THAT(read_documents("markdown", std::string(1000, '>') + "a"), ElementsAre("a\n"));
}

TEST(MarkupFormats, LargeFile_IsReadToItsEnd) {
  std::string html = "<!-- " + std::string(size_t{11} << 20, 'x') + " -->";
  while (html.size() < (size_t{23} << 20)) html += "<p>The tide turned &amp; nobody said a word.</p>\n";
  html += "<p>" + std::string(size_t{11} << 20, 'y') + "</p><p>end";
  const std::vector<std::string> documents = read_documents("html", html);
  ASSERT_EQ(documents.size(), 1u);
  EXPECT_TRUE(documents[0].ends_with("yyy\n\nend\n"));
  EXPECT_GT(documents[0].size(), size_t{20} << 20);
}

TEST(MarkupFormats, FileBeyondTheLimit_IsAnErrorThatNamesIt) {
  const std::string text(kLargestRecord + 1, 'x');
  EXPECT_THROW(read_documents("html", text), FormatError);
  EXPECT_THROW(read_documents("markdown", text), FormatError);
}

TEST(MarkupFormats, AnyCut_GivesTheSameDocuments) {
  expect_cuts_do_not_matter("html", "<p>潮が\n引く&eacute;<script>x</script>", {});
  expect_cuts_do_not_matter("markdown", "[潮]: x\n\n1. 潮\n\n[潮]\n", {});
  expect_cuts_do_not_matter("markdown", "---\na: b\n---\n# 潮\r\n- x\n", {.blank_lines = true});
}

TEST(DecodeEntity, Forms_BecomeCharactersOrStay) {
  EXPECT_EQ(decode_entity("&eacute;"), "\u00E9");
  EXPECT_EQ(decode_entity("&#233;"), "\u00E9");
  EXPECT_EQ(decode_entity("&#Xe9;"), "\u00E9");
  EXPECT_EQ(decode_entity("&#146;"), "\u2019");
  EXPECT_EQ(decode_entity("&Lstrok;"), "\u0141");
  EXPECT_EQ(decode_entity("&#0;"), "\uFFFD");
  EXPECT_EQ(decode_entity("&#xD800;"), "\uFFFD");
  EXPECT_EQ(decode_entity("&#1114112;"), "\uFFFD");
  for (const char* const kept : {"&nosuch;", "&#99999999999;", "&#;", "&#x;", "&#-1;", "x", "&;"})
    EXPECT_EQ(decode_entity(kept), kept);
}

}  // namespace
}  // namespace fude
