import { CONFLICTS } from './conflicts-told.ts'
import { RULES } from './rules-told.ts'
import type { Told } from './told.ts'

export { MEANINGS } from './meanings-told.ts'

export const SENTENCES: Told = [...RULES, ...CONFLICTS]
