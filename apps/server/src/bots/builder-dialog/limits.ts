import { MAX_MESSAGE_CHARACTERS } from '@parley/contract'

/** Interactions that one message may lead through without a question. */
export const MAX_STEPS = 50
/** Characters of all of them in the export: 50 of the largest would hold up everybody else. */
export const MAX_STEPS_CHARACTERS = 3_000_000
/** Messages, delays and actions of one turn. */
export const MAX_OUTPUTS = 50
/** Elements of an integration's list that a card is repeated for. */
export const MAX_CARDS = 10
/** Longest text of one message. */
export const MAX_TEXT_CHARACTERS = MAX_MESSAGE_CHARACTERS
/** Of a text that a card shows, or that a click publishes; and of the title of a button. */
export const MAX_CARD_TEXT_CHARACTERS = 5_000
export const MAX_TITLE_CHARACTERS = 256
/** What a conversation keeps: names in each scope, characters of a name, of a value, and of an integration's answer. */
export const MAX_VARIABLES = 500
export const MAX_NAME_CHARACTERS = 200
export const MAX_VALUE_CHARACTERS = 20_000
export const MAX_RESULT_CHARACTERS = 200_000
export const MAX_RESULTS = 20
/** All values of one scope together, all answers of integrations together, and answers of the consumer that are kept. */
export const MAX_SCOPE_CHARACTERS = 200_000
export const MAX_RESULTS_CHARACTERS = 500_000
export const MAX_SLOTS = 500
/** What one turn may fill into texts, each place counted as ten more: a text of an export has as many as it likes. */
export const MAX_FILLED_CHARACTERS = 5_000_000
/** Longest pause before a message, in milliseconds. */
export const MAX_DELAY_MS = 60_000
/** What a bot may note in one turn. */
export const MAX_NOTES = 100
/** Of a message: what clients show. */
export const MAX_QUICK_REPLIES = 24
