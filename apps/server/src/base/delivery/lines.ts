import type { Line } from './runner.ts'
import type { OutboxConsumer } from './types.ts'

/** Where consumers without a bound of their own, and timers, run. */
export const SHARED: Line = { name: '', atOnce: 256 }

export function lineOf(consumer: OutboxConsumer<unknown> | undefined): Line {
  if (consumer?.atOnce === undefined) return SHARED
  return { name: consumer.name, atOnce: consumer.atOnce }
}

/** Lines, each with the consumers that run in it. */
export function linesOf(consumers: Iterable<OutboxConsumer<unknown>>): Map<Line, string[]> {
  const lines = new Map<Line, string[]>([[SHARED, []]])
  for (const consumer of consumers) {
    const line = lineOf(consumer)
    lines.set(line, [...(lines.get(line) ?? []), consumer.name])
  }
  return lines
}
