import * as z from 'zod'

/** What the platform adds to the entry of a failure or of a refused call. */
const Place = z.object({ file: z.string(), line: z.number(), column: z.number() })
const Attempt = z.object({ attempt: z.number(), invocationId: z.string() })

export interface ShownEntry {
  at?: string
  level: string
  message: string
  extras: unknown[]
}

/** A log entry as a person reads it: its level and text, then where it happened, then what was logged besides. */
export function logLines({ level, message, extras }: ShownEntry): string[] {
  const lines = [`${level.toUpperCase().padEnd(5)} ${message}`]
  for (const extra of extras) {
    const place = Place.safeParse(extra)
    const attempt = Attempt.safeParse(extra)
    if (place.success) {
      const { file, line, column } = place.data
      lines.push(`      at ${file}:${line}:${column}`)
    }
    if (attempt.success) {
      const { attempt: number, invocationId } = attempt.data
      lines.push(`      attempt ${number} of invocation ${invocationId}`)
    }
    if (!place.success && !attempt.success) {
      lines.push(`      ${typeof extra === 'string' ? extra : JSON.stringify(extra)}`)
    }
  }
  return lines.flatMap((line) => line.split('\n'))
}
