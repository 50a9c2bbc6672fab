// Word boundaries of Unicode (UAX #29, version 15) in the language of ICU's break iterators. ICU has such rules of its
// own, which keep "@" inside words and break at ":"; these break where the standard does.
#pragma once

namespace fude {

// Each rule is a stretch without a break; a rule may begin where another ends (!!chain), except after ^. Stretches of
// characters of $dictionary are divided by the dictionaries of their languages.
inline constexpr char kWordRules[] = R"(
!!quoted_literals_only;
!!chain;

$CR = [\p{Word_Break=CR}];
$LF = [\p{Word_Break=LF}];
$Newline = [\p{Word_Break=Newline}];
$Joiner = [\p{Word_Break=ZWJ}];
$Mark = [\p{Word_Break=Extend}\p{Word_Break=Format}$Joiner];
$Picture = [\p{Extended_Pictographic}];
$Space = [\p{Word_Break=WSegSpace}];
$Flag = [\p{Word_Break=Regional_Indicator}];
$Hebrew = [\p{Word_Break=Hebrew_Letter}];
$Letter = [\p{Word_Break=ALetter}$Hebrew];
$Digit = [\p{Word_Break=Numeric}];
$Katakana = [\p{Word_Break=Katakana}];
$Connector = [\p{Word_Break=ExtendNumLet}];
$SingleQuote = [\p{Word_Break=Single_Quote}];
$DoubleQuote = [\p{Word_Break=Double_Quote}];
$InWord = [\p{Word_Break=MidLetter}\p{Word_Break=MidNumLet}$SingleQuote];
$InNumber = [\p{Word_Break=MidNum}\p{Word_Break=MidNumLet}$SingleQuote];
$EastAsian = [\p{Script=Han}\p{Script=Hiragana}$Katakana - $Mark];
$SoutheastAsian = [\p{Line_Break=Complex_Context} - $Mark];
$dictionary = [$EastAsian\p{Line_Break=Complex_Context}];

# WB3 to WB4
$CR $LF;
$Joiner $Picture;
$Space $Space;
^$Mark+;
[^$CR $LF $Newline $Mark] $Mark*;

# WB5 to WB7c
$Letter $Mark* $Letter;
$Letter $Mark* $InWord $Mark* $Letter;
$Hebrew $Mark* $SingleQuote;
$Hebrew $Mark* $DoubleQuote $Mark* $Hebrew;

# WB8 to WB12
$Digit $Mark* [$Digit $Letter];
$Letter $Mark* $Digit;
$Digit $Mark* $InNumber $Mark* $Digit;

# WB13 to WB16
$Katakana $Mark* $Katakana;
[$Letter $Digit $Katakana $Connector] $Mark* $Connector;
$Connector $Mark* [$Letter $Digit $Katakana];
^$Flag $Mark* $Flag;

# Stretches for the dictionaries
$EastAsian $Mark* $EastAsian;
$SoutheastAsian $Mark* $SoutheastAsian;
.;
)";

}  // namespace fude
