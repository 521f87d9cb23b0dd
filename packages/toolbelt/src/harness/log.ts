import { placeHere } from './call-site.ts'
import { now } from './clock.ts'
import { toJson } from './json.ts'
import type { Logged, LogLine } from './logged.ts'
import { FRAME } from './protocol.ts'
import { written } from './outbox.ts'
import { queueFrame } from './wire.ts'

const { stringify } = JSON

export function limitMessage({ mostEntries, mostCharacters }: Logged): string {
  return `More than ${mostEntries} log entries or ${mostCharacters} characters in one invocation`
}

/** Writes one entry. Beyond the limits it writes none; a test invocation gets one warning. */
export function takeLine(call: Logged, line: LogLine): void {
  if (call.done || call.overLimit) return
  if (line.level === 'Debug' && !call.keepsDebug) return
  call.entries += 1
  call.characters += line.message.length
  if (line.extras.length > 0) call.characters += stringify(line.extras).length
  if (call.entries <= call.mostEntries && call.characters <= call.mostCharacters) {
    writeLine(call, line)
    return
  }
  call.overLimit = true
  call.overLimitAt = placeHere()
  if (call.keepsDebug) writeLine(call, { level: 'Warn', message: limitMessage(call), extras: [] })
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
