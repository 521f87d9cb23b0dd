import { type Logger, pino } from 'pino'

/** What a line of a known shape may hold: nothing that could be a secret or hold one. */
type LineFields = Record<string, string | number>

export type LineLog = (fields: LineFields) => void

/** Where pino writes its lines: published, but missing in the type of a logger. */
interface WithStream {
  readonly [pino.symbols.streamSym]: { write(line: string): unknown }
}

const INFO = pino.levels.values['info'] ?? 30

/**
 * A log at level `info` for lines of one known shape of which there are many, such as one for each call. It puts them
 * together by hand: the redaction of other lines, which may hold anything, costs ten times as much as the rest.
 */
export function lineLog(logger: Logger, message: string): LineLog {
  const { [pino.symbols.streamSym]: stream } = logger as unknown as WithStream
  const end = `,"msg":${JSON.stringify(message)}}\n`
  /** What each field was last, and its JSON: many lines are about the same. */
  const last: Record<string, { value: string; json: string }> = {}
  function jsonOf(name: string, value: string): string {
    const known = last[name]
    if (known?.value === value) return known.json
    const json = JSON.stringify(value)
    last[name] = { value, json }
    return json
  }
  return (fields) => {
    if (!logger.isLevelEnabled('info')) return
    let line = `{"level":${INFO},"time":${Date.now()}`
    for (const name of Object.keys(fields)) {
      const value = fields[name] ?? ''
      line += `,"${name}":${typeof value === 'number' ? value : jsonOf(name, value)}`
    }
    stream.write(line + end)
  }
}
