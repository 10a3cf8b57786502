#!/bin/sh
tail --lines=1 tagmanifest-sha256.txt | sha256sum --quiet --strict --check - ||
  { printf '%s: these two do not agree\n' verify.sh tagmanifest-sha256.txt && false || exit; }
# Checks the evidence package around it. Run inside the package: sh verify.sh [--key-fingerprint HEX]
# Needs sh, openssl and coreutils; VERIFY.txt says what is shown and what is not. The first and the last
# command each compare this file with the tag manifest: no single changed byte of it lets anything pass.
export LC_ALL=C bad='' key=proof/log-key.pem tags=tagmanifest-sha256.txt
work=$(mktemp -d) && trap 'rm -rf "$work"' EXIT || exit
problem() { # path, what
  bad=yes
  printf '%s: %s\n' "$1" "$2" | cat -v
}
sums() { "$1" --quiet --strict --check "$2" 2>&1 || bad=yes; }
signed() { openssl pkeyutl -verify -pubin -inkey "$key" -rawin -in "$1" -sigfile "$2" >/dev/null 2>&1; }
digest() { openssl dgst -sha256 -binary | base64; }
parent() { { printf '\001' && printf '%s\n' "$1" "$2" | base64 -d; } | digest; } # RFC 6962, section 2.1

up() { at=$((at >> 1)) last=$((last >> 1)) level=$((level + 1)); }
# Climbs from leaf hash $1 at index $2 to the root, by the proof on standard input. The nodes that it
# passed are kept in node_LEVEL_NUMBER, and not computed a second time.
included() {
  IFS= read -r line && [ "$line" = c2sp.org/tlog-proof@v1 ] && IFS= read -r line || return 1
  [ "$line" = "index $2" ] || return 1
  node=$1 at=$2 last=$((size - 1)) level=0 passed=''
  while IFS= read -r sibling && [ -n "$sibling" ]; do
    case $sibling in *[!A-Za-z0-9+/=]*) return 1 ;; esac
    [ "$last" -gt 0 ] || return 1
    while [ "$at" = "$last" ] && [ $((at & 1)) = 0 ]; do up; done # on the right edge, where none is beside it
    beside=$((at ^ 1)) odd=$((at & 1))
    passed="$passed $level:$at:$node $level:$beside:$sibling"
    eval "known=\${node_${level}_$at-}:\${node_${level}_$beside-}"
    up
    if [ "$known" = "$node:$sibling" ]; then eval "node=\${node_${level}_$at-}"
    elif [ "$odd" = 1 ]; then node=$(parent "$sibling" "$node")
    else node=$(parent "$node" "$sibling"); fi
    passed="$passed $level:$at:$node"
  done
  [ "$(cat)" = "$checkpoint" ] || return 1
  [ "$last" = 0 ] && [ "$node" = "$root" ] || return 1
  for node in $passed; do
    at=${node#*:}
    eval "node_${node%%:*}_${at%%:*}=\${node##*:}"
  done
}

sums sha256sum "$tags"
sums sha256sum manifest-sha256.txt
sums sha512sum manifest-sha512.txt
{ cut -c 67- manifest-sha256.txt "$tags" && printf '%s\n' "$tags" "$tags.sig"; } | sort >"$work/listed"
for path in * .[!.]* ..?* */* */.[!.]* */..?* */*/* */*/.[!.]* */*/..?*; do
  [ -e "$path" ] || [ -L "$path" ] || continue
  case $path in data | proof | data/originals | data/record | proof/entries) [ -L "$path" ] || continue ;; esac
  [ -L "$path" ] && path="$path (a link)"
  case $path in *[!A-Za-z0-9._/\ \(\)-]*) path=$(printf %s "$path" | tr -c '[:graph:]' '?') ;; esac
  printf '%s\n' "$path"
done | sort | comm -13 "$work/listed" - >"$work/unlisted"
while IFS= read -r path; do problem "$path" 'is not listed in a manifest'; done <"$work/unlisted" || bad=yes

fingerprint=$(openssl pkey -pubin -in "$key" -outform DER 2>/dev/null | sha256sum | cut -c 1-64)
compared='COMPARE this fingerprint with one that did not come with the package'
if [ "${1-}" = --key-fingerprint ]; then
  compared='as given'
  [ "$(printf %s "${2-}" | tr -d ': ' | tr A-F a-f)" = "$fingerprint" ] ||
    problem "$key" "has the fingerprint $fingerprint, not the one given"
elif [ $# -gt 0 ]; then problem "$1" 'is not an option; use --key-fingerprint HEX'; fi
signed "$tags" "$tags.sig" || problem "$tags" "does not match its signature in $tags.sig"
checkpoint=$(cat proof/checkpoint) authentic=''
{ IFS= read -r line && IFS= read -r size && IFS= read -r root; } <proof/checkpoint || bad=yes
case $size in '' | 0* | *[!0-9]*) problem proof/checkpoint 'does not say the size of the ledger' && size=1 ;; esac
while IFS= read -r line && [ -n "$line" ]; do printf '%s\n' "$line"; done <proof/checkpoint >"$work/text"
while read -r line line signature; do
  printf %s "$signature" | base64 -d 2>/dev/null | tail -c +5 >"$work/signature"
  signed "$work/text" "$work/signature" && authentic=yes
done <proof/checkpoint
[ -n "$authentic" ] || problem proof/checkpoint "is not signed with $key"

for entry in proof/entries/*.entry; do
  index=${entry##*/} index=${index%.entry} proof=${entry%.entry}.tlog-proof
  case $index in '' | 0?* | *[!0-9]*) problem "$entry" 'is not named by its index' && continue ;; esac
  leaf=$({ printf '\000' && cat "$entry"; } | digest)
  included "$leaf" "$index" <"$proof" || problem "$proof" "does not show that $entry is in the ledger"
  before='' word=''
  tr '"' '\n' <"$entry" >"$work/words"
  while IFS= read -r next; do
    case $before$word in item_sha256: | input_sha256:) printf '%s\n' "$next" ;; esac
    before=$word word=$next
  done <"$work/words" >>"$work/named" || bad=yes
done
for path in data/originals/*; do
  [ ! -e "$path" ] || { path=${path##*/} && printf '%s\n' "${path%%.*}"; }
done | sort >"$work/held"
sort -u "$work/named" | comm -3 - "$work/held" >"$work/unmatched" || bad=yes
while read -r path; do
  problem "data/originals/$path" 'is held or named in an entry, and not both'
done <"$work/unmatched" || bad=yes

[ -z "$bad" ] && tail --lines=1 "$tags" | sha256sum --quiet --strict --check - && printf '%s\n' \
  "OK: all files are as they were packed; every entry is in the ledger of $size entries; key $fingerprint ($compared)"
