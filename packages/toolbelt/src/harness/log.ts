import { now } from './clock.ts'
import { toJson } from './json.ts'
import { FRAME } from './protocol.ts'
import { written } from './outbox.ts'
import { queueFrame } from './wire.ts'

export interface LogLine {
  level: 'Debug' | 'Info' | 'Warn' | 'Error'
  message: string
  extras: unknown[]
  timestamp?: number
}

/** What of a call its log needs. */
export interface Logged {
  readonly id: number
  readonly key: Uint8Array
  readonly keepsDebug: boolean
  readonly mostEntries: number
  readonly mostCharacters: number
  done: boolean
  entries: number
  characters: number
  overLimit: boolean
  /** How many outgoing calls were noted. */
  outgoing: number
}

const { stringify } = JSON

export function limitMessage({ mostEntries, mostCharacters }: Logged): string {
  return `More than ${mostEntries} log entries or ${mostCharacters} characters in one invocation`
}

/** Takes one entry; beyond the limits nothing is written any more, and a test invocation is told so once. */
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
  if (call.keepsDebug) writeLine(call, { level: 'Warn', message: limitMessage(call), extras: [] })
}

/** The platform's own note on a failure: it does not count, but is no longer than what a function may log. */
export function writeNote(call: Logged, note: LogLine): void {
  const message = note.message.slice(0, call.mostCharacters)
  const extras = stringify(note.extras).length > call.mostCharacters ? [] : note.extras
  writeLine(call, { ...note, message, extras })
}

/** Written at once: the last entries before an endless loop or a crash are the ones that matter. */
export function writeLine(call: Logged, line: LogLine): void {
  queueFrame(FRAME.LOG, call.id, call.key, toJson({ timestamp: now(), ...line }) ?? '')
  written()
}
