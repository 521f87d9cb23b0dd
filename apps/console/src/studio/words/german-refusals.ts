import { CONFLICTS } from './conflicts-told.ts'
import { REPLAYS } from './replays-told.ts'
import { RULES } from './rules-told.ts'
import type { Told } from './told.ts'

export { MEANINGS } from './meanings-told.ts'

const NOT_REPLAYED: Told = REPLAYS.map(([why, german]) => [
  `Invocation "{}" cannot be replayed: ${why}`,
  `Der Lauf „{}“ lässt sich nicht wiederholen: ${german}`,
])

export const SENTENCES: Told = [...RULES, ...NOT_REPLAYED, ...CONFLICTS, ...REPLAYS]
