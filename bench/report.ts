import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'

export interface BenchOptions {
  /** Few and short rounds, to see in CI that a bench still works; its figures say little. */
  short: boolean
  /** Whether to print the CPU of a call by process and thread. */
  account?: boolean
  /** Folder of another checkout of Parley that is measured in the same rounds. */
  beside?: string | undefined
}

/** A bar of the design, with what this run reached. */
export interface Bar {
  name: string
  measure: string
  reached: number
  bar: number
  /** Whether a greater figure is a better one. */
  wants: 'more' | 'less'
  /** A run that misses it fails. */
  isRequired?: boolean
}

export interface BenchReport {
  /** Rows that are printed as a table. */
  rows: Record<string, string | number>[]
  /** CPU by process and thread. */
  account?: Record<string, string>[]
  bars: Bar[]
  /** Everything measured, round by round. */
  details: unknown
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  const [low = Number.NaN, high = low] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]]
  return (low + high) / 2
}

/** The median of what one target has reached ÷ another one, round by round. */
export function medianRatio(of: readonly number[], to: readonly number[]): number {
  return median(of.map((value, turn) => value / (to[turn] ?? Number.NaN)))
}

/**
 * A bar is a ratio to an anchor, and differs from processor to processor. It was set by what e7f407b had reached on one machine: beside that
 * tree, in the same rounds, the gain that it asks for can be seen on any.
 */
export function gainBar(gain: Omit<Bar, 'name'>): Bar {
  return { name: 'gain', ...gain, measure: `${gain.measure} ÷ the checkout beside (bar: e7f407b)` }
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

/** All of them for one round, each time another one first, so that drift and neighbours hit all alike. */
export function rotated<Target>(all: readonly Target[], turn: number): Target[] {
  const first = turn % all.length
  return [...all.slice(first), ...all.slice(0, first)]
}

/** Three digits that count. */
export function round(value: number): number {
  return Number(value.toPrecision(3))
}

/** Median of rounds, with the least and the most of them. */
export function spread(values: readonly number[]): string {
  return `${round(median(values))} (${round(Math.min(...values))}–${round(Math.max(...values))})`
}

/** What the kernel takes to give a process another page of memory, in µs: below 1 on most machines, 14 and more on some virtual ones. */
function newPageUs(): number {
  const [pages, pageBytes] = [16_384, 4096]
  const memory = Buffer.allocUnsafeSlow(pages * pageBytes)
  const startedAt = performance.now()
  for (let page = 0; page < pages; page += 1) memory[page * pageBytes] = 1
  return round(((performance.now() - startedAt) * 1000) / pages)
}

export function describeMachine() {
  const [cpu] = cpus()
  return {
    cores: cpus().length,
    cpu: cpu?.model.trim(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
    newPageUs: newPageUs(),
  }
}

function isMet({ reached, bar, wants }: Bar): boolean {
  return wants === 'more' ? reached >= bar : reached <= bar
}

export function publish(name: string, report: BenchReport, { short }: BenchOptions): void {
  console.table(report.rows)
  if (report.account) console.table(report.account)
  for (const bar of report.bars) {
    const sign = bar.wants === 'more' ? '≥' : '≤'
    const verdict = isMet(bar) ? 'met' : 'missed'
    console.log(
      `${bar.name}  ${bar.measure}: ${round(bar.reached)} (bar ${sign} ${round(bar.bar)}) ${verdict}`,
    )
    if (bar.isRequired && !isMet(bar)) process.exitCode = 1
  }
  const folder = join(import.meta.dirname, 'results')
  mkdirSync(folder, { recursive: true })
  const file = join(folder, `${name}${short ? '-short' : ''}.json`)
  const at = new Date().toISOString()
  writeFileSync(
    file,
    `${JSON.stringify({ name, at, short, machine: describeMachine(), ...report }, undefined, 2)}\n`,
  )
  console.log(`written to ${file}\n`)
}
