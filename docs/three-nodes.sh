#!/usr/bin/env bash
# Three nodes on this machine, from the first start to one chain after a kill -9. docs/network.md shows what it prints.
# Needs the .NET 10 SDK, curl and jq. Ports, data and wallet are its own, and gone when it ends.
# Exit code 0: all was as expected. 1: something was not; it says what, and what the nodes logged.
# SECUTICKET_BUILD=FOLDER takes SecuTicket.Api.dll and secuticket.dll from there instead of building them.
set -euo pipefail

work=$(mktemp -d)
pid=() url=()

say() { printf '%s\n' "$*"; }

fail() {
  say "NOT AS EXPECTED: $*" >&2
  tail -n 20 "$work"/node*.log >&2 || true
  exit 1
}

lives() { kill -0 "${pid[$1]}" 2>/dev/null; }

# slay NODE: gives it no chance to finish anything, and comes back when it is gone.
slay() {
  kill -9 "${pid[$1]}" 2>/dev/null || true
  while lives "$1"; do sleep 0.05; done
}

end() {
  local code=$? node
  trap - EXIT
  for node in "${!pid[@]}"; do slay "$node"; done
  rm -rf "$work"
  exit "$code"
}
trap end EXIT
trap 'exit 130' INT TERM

# await WHAT COMMAND…: until it is so, at most some minutes.
await() {
  local what=$1 _
  shift
  for _ in $(seq 900); do
    if "$@"; then return; fi
    sleep 0.2
  done
  fail "after three minutes still not: $what"
}

get() { curl -sS --max-time 180 "${url[$1]}$2"; }
post() { curl -sS --max-time 180 "${url[$1]}$2" -H 'Content-Type: application/json' -d "${3-}"; }

# as WHO COMMAND…: somebody with a wallet of his own; nobody waits for a block.
as() { dotnet "$build/secuticket.dll" "${@:2}" --wallet "$work/$1.pem" --json; }
is() { [ "$(get "$1" "$2" | jq -r "$3")" = "$4" ]; }
listens() { grep -q '^  API' "$work/node$1.log" || ! lives "$1"; }

# start NODE: on a free port the first time, on the same one afterwards. Blocks are made only when this script asks for one, and a node that was registered is not looked at before.
start() {
  [ ! -e "$work/node$1.log" ] || mv "$work/node$1.log" "$work/node$1.before.log"
  dotnet "$build/SecuTicket.Api.dll" --environment Development --urls "${url[$1]:-http://127.0.0.1:0}" --Node:DataDirectory="$work/node$1" --Mining:Enabled=false --Network:LookAfterRegistration=00:05:00 \
    >"$work/node$1.log" 2>&1 &
  pid[$1]=$!
  disown "$!" # bash has no word to say when it dies
  await "node $1 listens" listens "$1"
  url[$1]=$(sed -n 's/^  API *//p' "$work/node$1.log")
  [ -n "${url[$1]}" ] || fail "node $1 did not start"
}

height() {
  await "node $1 has block $2" is "$1" /info .height "$2"
  say "  node $1: height $2"
}

build=${SECUTICKET_BUILD:-$work/build}
if [ -z "${SECUTICKET_BUILD:-}" ]; then
  say "Building"
  for project in SecuTicket.Api SecuTicket.Cli; do
    dotnet build "$(dirname "${BASH_SOURCE[0]}")/../src/$project" -c Release -o "$build" -v q --nologo >"$work/build.log" 2>&1 || { cat "$work/build.log" >&2; exit 1; }
  done
fi

say "Start three nodes; the first makes three blocks"
for node in 1 2 3; do
  start $node
  say "  node $node: $(get $node /info | jq -r '"\(.chain_id), height \(.height), \(.peers) peers"')"
done
for _ in 1 2 3; do post 1 /mine >/dev/null; done
height 1 3

say "Register node 1 at node 2, and resolve there"
say "  $(post 2 /nodes/register '{"nodes":["'"${url[1]}"'"]}' | jq -r .message)"
say "  $(post 2 /nodes/resolve | jq -r '"\(.message): \(.fetched.headers) headers, \(.fetched.blocks) blocks"')"
height 2 3

say "Register node 2 at node 3: it hears of node 1 by itself, and fetches the chain without being asked"
say "  $(post 3 /nodes/register '{"nodes":["'"${url[2]}"'"]}' | jq -r .message)"
for node in 1 2 3; do
  await "node $node is connected with the two others" is $node /info .peers 2
  say "  node $node: 2 peers"
done
height 3 3

say "Create an event at node 1, and buy seat A-1 at node 2"
as organiser wallet new >/dev/null
fan=$(as fan wallet new | jq -r .address)
friend=$(as friend wallet new | jq -r .address)
event=$(as organiser event create --name "Three nodes" --venue Olympia --session "2027-06-15 19:00" --node "${url[1]}" --no-wait | jq -r .event_id)
ticket=$(as organiser ticket issue --event "$event" --seats A-1 --price 5000 --node "${url[1]}" --no-wait | jq -r '.ticket_ids[0]')
await "node 2 knows the ticket" is 2 "/tickets/$ticket?pending=true" .status unsold
as fan top-up 20000 --node "${url[2]}" --no-wait >/dev/null
purchase=$(as fan ticket buy "$ticket" --max-price 5000 --node "${url[2]}" --no-wait | jq -r .transaction_id)
await "node 3 knows the purchase" is 3 "/transactions/$purchase" .status pending
say "  the purchase waits at node 3, which nobody told"

say "Make a block at node 3"
post 3 /mine >/dev/null
for node in 1 2 3; do
  height $node 4
  await "seat A-1 is sold at node $node" is $node "/tickets/$ticket" .status sold
  await "the fan has it at node $node" is $node "/tickets/$ticket" .owner "$fan"
done
say "  seat A-1 is the fan's at all three"

say "kill -9 node 3; the fan gives the ticket away at node 1, and node 2 makes the block"
slay 3
gift=$(as fan ticket give "$ticket" --to "$friend" --node "${url[1]}" --no-wait | jq -r .transaction_id)
await "node 2 knows the gift" is 2 "/transactions/$gift" .status pending
post 2 /mine >/dev/null
for node in 1 2; do height $node 5; done

say "Start node 3 again: it catches up by itself"
start 3
height 3 5
await "the friend has the ticket at node 3" is 3 "/tickets/$ticket" .owner "$friend"
say "  seat A-1 is the friend's there, too"

say "Resolve at node 3: there is nothing left to fetch"
say "  $(post 3 /nodes/resolve | jq -r '"\(.message): \(.fetched.headers) headers, \(.fetched.blocks) blocks"')"

say "One tip"
for node in 1 2 3; do say "  node $node: $(get $node /info | jq -r .tip)"; done
[ "$(for node in 1 2 3; do get $node /info | jq -r .tip; done | sort -u | wc -l)" -eq 1 ] || fail "the tips differ"
for node in 1 2 3; do is $node /chain/validate .valid true || fail "the chain of node $node is not valid"; done
say "All was as expected."
