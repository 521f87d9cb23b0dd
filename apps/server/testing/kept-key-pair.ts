import { makeRsaPair, type MakeKeyPair } from '#identity/credentials'

/** More than the accounts and renewals of one test: two of them never have the same key. */
const KEPT = 24
const kept: ReturnType<MakeKeyPair>[] = []
let next = 0

/** One of those that this process has made, in turn: each account has one that signs, and making it is most of what an account costs. */
export const keptKeyPair: MakeKeyPair = () => {
  const place = next
  next = (next + 1) % KEPT
  return (kept[place] ??= makeRsaPair())
}
