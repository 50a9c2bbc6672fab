#include "text/fitting_letters.h"

#include <gtest/gtest.h>

namespace fude {
namespace {

TEST(FittingLetters, Words_AreRight) {
  const FittingLetters letters = count_fitting_letters("Près de la fenêtre, où naît Élise");
  EXPECT_EQ(letters.all, 5);
  EXPECT_EQ(letters.kinds, 5);
  EXPECT_EQ(letters.letters, 5);
  EXPECT_EQ(letters.wrong, 0);
  EXPECT_EQ(count_fitting_letters("Кошка и море").wrong, 0);
  EXPECT_EQ(count_fitting_letters("à é ü").wrong, 0);  // words of one letter
  EXPECT_EQ(count_fitting_letters("één pitää süß yaptığı 10µm").wrong, 0);
  EXPECT_EQ(count_fitting_letters("éàü").wrong, 3);
}

TEST(FittingLetters, SignsAndCapitalsInsideWords_AreWrong) {
  EXPECT_EQ(count_fitting_letters("fen\u02C6tre").wrong, 1);
  EXPECT_EQ(count_fitting_letters("Pr\u0160s").wrong, 1);
  EXPECT_EQ(count_fitting_letters("ma\u00A4ana").wrong, 1);
  EXPECT_EQ(count_fitting_letters("d\u201Aj").wrong, 1);
  EXPECT_EQ(count_fitting_letters("caf\u0090").wrong, 1);
  EXPECT_EQ(count_fitting_letters("1\u00E9 \u00E92").wrong, 2);
  EXPECT_EQ(count_fitting_letters("a\u044F \u044Fb").wrong, 2);  // of two scripts
}

TEST(FittingLetters, WhatStandsAnywhere_IsNotCounted) {
  const FittingLetters letters =
      count_fitting_letters("he\u2014or\u00A0\u201Cshe\u201D don\u2019t\u2026wa\u00ADit\u2022x");
  EXPECT_EQ(letters.all, 0);
  EXPECT_EQ(letters.anywhere, 7);
  EXPECT_EQ(letters.wrong_share(), 0);
  EXPECT_EQ(count_fitting_letters("cora\u00AD\u00E7\u00E3o").wrong, 0);
  EXPECT_EQ(count_fitting_letters("m\u201Dchten").wrong, 1);
}

TEST(FittingLetters, Share_IsInPerCentOfAll) {
  const FittingLetters letters = count_fitting_letters("d\u00E9j\u00E0 \u00A3 a\u00A4b");
  EXPECT_EQ(letters.all, 4);
  EXPECT_EQ(letters.letters, 2);
  EXPECT_EQ(letters.wrong_share(), 25);
}

}  // namespace
}  // namespace fude
