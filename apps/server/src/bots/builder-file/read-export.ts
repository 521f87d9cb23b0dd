import { BotExport, MAX_BOT_BYTES } from '@parley/contract'
import { fieldName, readJson } from '#base/input'
import { ParleyError } from '#base/kernel'

/** Far above what the largest bot needs. */
const BOUNDS = { maxValues: 400_000 }
const MAX_SHOWN = 5
const EXPECTED =
  'A Conversation Builder export is one JSON object with "bot" {id, name}, "groups" (its dialogs) and "conversationMessage" (its interactions)'

/** An export: what it was, for the next export, and what the bot is run by. */
export interface ReadExport {
  /** Everything that was in the file, members that nothing reads included. */
  file: unknown
  bot: BotExport
}

/**
 * Reads the text of an export.
 * @throws `invalid_request` that says what was expected, and names the members that are wrong
 */
export function readExport(text: string): ReadExport {
  const bytes = Buffer.byteLength(text)
  if (bytes > MAX_BOT_BYTES) {
    throw refusal(`The export has ${bytes} bytes: it may have ${MAX_BOT_BYTES}`)
  }
  return checkExport(readJson(text, 'export', BOUNDS))
}

function checkExport(file: unknown): ReadExport {
  const read = BotExport.safeParse(file)
  if (read.success) return { file, bot: read.data }
  const details = read.error.issues.slice(0, MAX_SHOWN).map(({ message, path }) => ({
    path: fieldName(path) || 'export',
    message,
  }))
  const found = details.map(({ message, path }) => `${path}: ${message}`).join('; ')
  throw new ParleyError('invalid_request', `${EXPECTED}. ${found}`, { details })
}

function refusal(message: string): ParleyError {
  return new ParleyError('invalid_request', message, {
    details: [{ path: 'export', message }],
  })
}
