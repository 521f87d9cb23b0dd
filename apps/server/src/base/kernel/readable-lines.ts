import { styleText } from 'node:util'
import * as z from 'zod'

const LEVELS: Record<number, [string, Parameters<typeof styleText>[0]]> = {
  10: ['trace', 'gray'],
  20: ['debug', 'gray'],
  30: ['info', 'cyan'],
  40: ['warn', 'yellow'],
  50: ['error', 'red'],
  60: ['fatal', 'red'],
}

const Line = z.looseObject({ level: z.number(), time: z.number(), msg: z.string().default('') })
const Failure = z.looseObject({
  type: z.string(),
  message: z.string(),
  stack: z.string().optional(),
})

/** Turns each line of the structured log into one that a person at a terminal reads. */
export function readableLines(terminal: { write(text: string): unknown }): {
  write(line: string): void
} {
  return { write: (line) => void terminal.write(`${readableLine(line)}\n`) }
}

function readableLine(line: string): string {
  const parsed = Line.safeParse(JSON.parse(line))
  if (!parsed.success) return visible(line.trimEnd())
  const { level, time, msg, err, ...rest } = parsed.data
  const [name, style] = LEVELS[level] ?? [String(level), 'white']
  const facts = Object.entries(rest).map(
    ([key, value]) =>
      `${key}=${inOneLine(typeof value === 'string' ? value : JSON.stringify(value))}`,
  )
  const at = new Date(time).toTimeString().slice(0, 8)
  const head = [
    dim(at),
    styleText(style, name.padEnd(5), { stream: process.stderr }),
    inOneLine(msg),
    ...(facts.length > 0 ? [dim(facts.join(' '))] : []),
  ].join(' ')
  const failure = Failure.safeParse(err)
  if (!failure.success) return head
  const { type, message, stack } = failure.data
  return `${head}\n${indent(visible(stack ?? `${type}: ${message}`))}`
}

/** Line feeds and tabs are shown as they are. */
const CONTROLS = /[^\P{Cc}\t\n]/gu

/** Clients choose parts of what is logged: signs that speak to the terminal are shown as JSON writes them. */
function visible(text: string): string {
  return text.replaceAll(
    CONTROLS,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** The same of what must not look like another line of the log. */
function inOneLine(text: string): string {
  return visible(text).replaceAll('\n', String.raw`\n`)
}

function dim(text: string): string {
  return styleText('gray', text, { stream: process.stderr })
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, '    ')
}
