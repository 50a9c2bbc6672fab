#!/bin/sh
# Trains the SentencePiece models that tests/text/ready_model_test.cc reads, with the library's own commands (Debian package
# sentencepiece, 0.1.97 was used), and prints the ids and texts that the test expects.
set -eu
golden=$(cd "$(dirname "$0")/sentencepiece" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" # models keep the names of the files they were made from

cat > corpus.txt <<'TEXT'
the brush drinks ink before it writes a word
the ink dries and the word stays on the page
a word that waits is a word that weighs more
she wrote the same letter every winter and sent none
the paper keeps what the hand forgets
rain on the roof, ink on the page, nobody at the door
writing is waiting with a wet brush
every page begins white and every winter begins with rain
the hand that writes the letter keeps the brush
nobody reads the letters that nobody sends
TEXT
# A newline is a space, the ligature fi two letters, a full-width A a plain one, an ellipsis three full stops.
printf 'A\t20\nFB01\t66 69\nFF21\t41\n2026\t2E 2E 2E\n' > rules.tsv

train() { # name, flags
  name=$1
  shift
  spm_train --input=corpus.txt --model_prefix="$name" --num_threads=1 --hard_vocab_limit=false "$@" 2> /dev/null
  cp "$name.model" "$golden"
  echo "$name:"
  printf '%s\n' 'the brush writes' '  the  ink waits ' 'Zebra' 'ﬁ …' > lines.txt
  spm_encode --model="$name.model" --output_format=id < lines.txt | tee ids.txt
  spm_decode --model="$name.model" --input_format=id < ids.txt | sed 's/.*/[&]/'
}

# The usual settings: <unk> 0, <s> 1, </s> 2, a space before the text, extra white space removed, rules of its own.
train usual --model_type=unigram --vocab_size=90 --normalization_rule_tsv=rules.tsv
# Byte fallback, extra white space kept, no </s>.
train bytes --model_type=bpe --vocab_size=340 --byte_fallback=true --eos_id=-1 --normalization_rule_name=identity \
  --remove_extra_whitespaces=false
