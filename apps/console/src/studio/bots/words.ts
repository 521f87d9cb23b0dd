import { spoken } from '../words/index.ts'
import { de } from './words-de.ts'
import { en } from './words-en.ts'

/** What the pages of bots say. */
export const botWords = spoken({ en, de })
