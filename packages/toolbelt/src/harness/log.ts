import { placeHere } from './call-site.ts'
import { now } from './clock.ts'
import { toJson } from './json.ts'
import type { Logged, LogLine } from './logged.ts'
import { FRAME, MAX_DEBUG_CHARACTERS, MAX_DEBUG_ENTRIES } from './protocol.ts'
import { written } from './outbox.ts'
import { queueFrame } from './wire.ts'

const { stringify } = JSON

export function limitMessage({ mostEntries, mostCharacters }: Logged): string {
  return `More than ${mostEntries} log entries or ${mostCharacters} characters in one invocation`
}

/** Writes one entry. Beyond the limits it writes none; a test invocation gets one warning. */
export function takeLine(call: Logged, line: LogLine): void {
  if (call.done) return
  if (line.level === 'Debug') return takeDebug(call, line)
  if (call.overLimit) return
  call.entries += 1
  call.characters += charactersOf(line)
  if (call.entries <= call.mostEntries && call.characters <= call.mostCharacters) {
    writeLine(call, line)
    return
  }
  call.overLimit = true
  call.overLimitAt = placeHere()
  if (!call.keepsDebug) return
  writeLine(call, { level: 'Warn', message: limitMessage(call), extras: [], isOverLimit: true })
}

/** A deployed function writes none of them, so they do not count. */
function takeDebug(call: Logged, line: LogLine): void {
  if (!call.keepsDebug || isOverDebug(call)) return
  call.debugEntries += 1
  call.debugCharacters += charactersOf(line)
  const message = `Only ${MAX_DEBUG_ENTRIES} entries and ${MAX_DEBUG_CHARACTERS} characters of the level Debug are shown`
  writeLine(call, isOverDebug(call) ? { level: 'Debug', message, extras: [] } : line)
}

function isOverDebug({ debugEntries, debugCharacters }: Logged): boolean {
  return debugEntries > MAX_DEBUG_ENTRIES || debugCharacters > MAX_DEBUG_CHARACTERS
}

function charactersOf({ message, extras }: LogLine): number {
  return message.length + (extras.length > 0 ? stringify(extras).length : 0)
}

/** Writes the platform's entry about a failure. It does not count against the limits, but is cut to the limit of characters. */
export function writeNote(call: Logged, note: LogLine): void {
  try {
    const message = note.message.slice(0, call.mostCharacters)
    const extras = stringify(note.extras).length > call.mostCharacters ? [] : note.extras
    writeLine(call, { ...note, message, extras })
  } catch {
    // The function has spoilt what makes JSON of objects: it is answered without the entry.
  }
}

/** Writes at once: the last entries before an endless loop or a crash matter most. */
export function writeLine(call: Logged, line: LogLine): void {
  queueFrame(FRAME.LOG, call.id, call.key, toJson({ timestamp: now(), ...line }) ?? '')
  written()
}
